"""The caller's list is sorted.

expects: input_changed
`runs.sort` gives the right answer and leaves the runs in another order for everybody else.
"""

import math


def best(runs, metric, direction):
    if not metric.startswith("val_") or direction not in ("max", "min"):
        raise ValueError
    sign = -1 if direction == "max" else 1
    runs.sort(key=lambda run: run["id"], reverse=True)
    found = [r for r in runs if r["status"] == "FINISHED" and math.isfinite(r["metrics"].get(metric, math.nan))]
    if not found:
        raise LookupError
    return min(found, key=lambda run: (sign * run["metrics"][metric], run["id"]))["id"]
