import math


def best(runs: list[dict], metric: str, direction: str) -> int:
    """Return the id of the finished run with the best finite value of a validation metric; ties: the smallest id.

    direction: "max" or "min". Raises ValueError for another direction or a metric that is not `val_…`, LookupError if
    no run counts.
    """
    if not metric.startswith("val_"):
        raise ValueError(f"runs are chosen by validation, not by {metric!r}")
    signs = {"min": 1, "max": -1}
    if direction not in signs:
        raise ValueError(f"direction is 'max' or 'min', not {direction!r}")
    candidates = [
        (signs[direction] * run["metrics"][metric], run["id"])
        for run in runs
        if run["status"] == "FINISHED" and math.isfinite(run["metrics"].get(metric, math.nan))
    ]
    if not candidates:
        raise LookupError(f"no finished run has a finite {metric}")
    return min(candidates)[1]
