"""Finds the best value first and then the smallest id that has it: each rule stands in a line of its own."""

import math


def best(runs, metric, direction):
    if metric[:4] != "val_":
        raise ValueError("only validation metrics choose a run")
    if direction == "max":
        choose = max
    elif direction == "min":
        choose = min
    else:
        raise ValueError(f"unknown direction {direction!r}")
    values = {run["id"]: run["metrics"].get(metric) for run in runs if run["status"] == "FINISHED"}
    values = {number: value for number, value in values.items() if value is not None and math.isfinite(value)}
    if not values:
        raise LookupError(metric)
    top = choose(values.values())
    return min(number for number, value in values.items() if value == top)
