def best(runs: list[dict], metric: str, direction: str) -> int:
    """Return the id of the finished run with the best finite value of a validation metric; ties: the smallest id.

    direction: "max" or "min". Raises ValueError for another direction or a metric that is not `val_…`, LookupError if
    no run counts.
    """
    raise NotImplementedError
