"""The caller's table is changed.

expects: input_changed
To have something to compare with, the gaps are filled in the caller's own table.
"""

import numpy as np
import pandas as pd


def validate(df, schema):
    faults = [(None, name, "unknown column") for name in df.columns if name not in schema]
    for name, rules in schema.items():
        if name not in df.columns:
            faults.append((None, name, "no such column"))
            continue
        missing = df[name].isna().to_numpy()
        if rules["kind"] == "number":
            numbers = pd.to_numeric(df[name], errors="coerce")
            checks = [
                ("not a number", numbers.isna() & ~missing),
                ("too low", numbers < rules.get("low", -np.inf)),
                ("too high", numbers > rules.get("high", np.inf)),
            ]
        else:
            df[name] = df[name].fillna("")
            checks = []
        if not rules.get("optional"):
            checks.append(("missing", missing))
        if "among" in rules:
            checks.append(("not allowed", ~df[name].isin(rules["among"]) & ~missing))
        if rules.get("unique"):
            checks.append(("repeated", df[name].duplicated() & ~missing))
        faults += [(int(row), name, fault) for fault, bad in checks for row in np.flatnonzero(bad)]
    return faults


def infer(df):
    schema = {}
    for name in df.columns:
        column = df[name]
        if pd.api.types.is_numeric_dtype(column):
            schema[name] = {"kind": "number", "low": float(column.min()), "high": float(column.max())}
        else:
            schema[name] = {"kind": "text", "among": sorted(column.dropna().unique())}
        schema[name]["optional"] = bool(column.isna().any())
    return schema


def screen(training, serving):
    return validate(serving, infer(training))
