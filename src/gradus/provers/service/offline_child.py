"""The project's own offline model in a process of its own. Run as a file: it imports nothing of Gradus.

Reads JSON lines, ``{"calls": [[row, …], …]}``, and answers each with one line, ``{"answers": [answers, …]}``: a list of
numbers or nulls for each call, or ``{"error": …}``. What the project prints goes to the error stream.
"""

import importlib
import json
import math
import os
import sys


def _number(value: object) -> float | None:
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def _call(function: object, rows: list) -> object:  # type: ignore[type-arg]
    try:
        answers = [_number(value) for value in function(rows)]  # type: ignore[operator]
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:400]}
    if len(answers) != len(rows):
        return {"error": f"{len(answers)} answers for {len(rows)} rows"}
    return answers


def main() -> None:
    """Load the function named by the first argument, then answer until the input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, _, name = sys.argv[1].partition(":")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    try:
        function = getattr(importlib.import_module(module), name)
    except BaseException as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:400]}), file=out, flush=True)
        return
    print(json.dumps({"loaded": True}), file=out, flush=True)
    for line in sys.stdin:
        calls = json.loads(line)["calls"]
        print(json.dumps({"answers": [_call(function, rows) for rows in calls]}), file=out, flush=True)


if __name__ == "__main__":
    main()
