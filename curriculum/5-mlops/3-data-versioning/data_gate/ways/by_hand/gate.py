"""Let a file of patients pass, or say what is wrong with it: `python gate.py FILE`."""

import json
import sys

import numpy as np
import pandas as pd

COLUMNS = ("patient", "age", "ward", "stay")


def masks(df):
    """Each column with a mask of the rows that break one of its rules."""
    for name, low, high in (("age", 0, 120), ("stay", 0, np.inf)):
        if name in df:
            numbers = pd.to_numeric(df[name], errors="coerce")
            yield name, ~numbers.between(low, high) & (df[name].notna() | (name == "age"))
    if "ward" in df:
        yield "ward", ~df["ward"].isin(["A", "B", "C"])
    if "patient" in df:
        yield "patient", df["patient"].isna() | df["patient"].duplicated()


def faults(df):
    """All faults of a table: [{"row": position or None, "column": name}, ...]."""
    columns = [{"row": None, "column": name} for name in set(COLUMNS) ^ set(df.columns)]
    return columns + [{"row": int(row), "column": name} for name, bad in masks(df) for row in np.flatnonzero(bad)]


if __name__ == "__main__":
    found = faults(pd.read_csv(sys.argv[1]))
    print(json.dumps({"faults": found}))
    sys.exit(1 if found else 0)
