from collections.abc import Callable


def track(step: Callable[[dict, int], dict], base: dict, changes: list[dict], steps: int, runs: list[dict]) -> list:
    """Train once for each change and return all records: the earlier ones, then one for each change.

    step: (params, t) to a dict of metrics; may raise. A record: id, params, status, metrics, error.
    """
    raise NotImplementedError
