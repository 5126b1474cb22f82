"""Looks at one cell after the other in plain Python: slower, and each rule can be read as a sentence."""

import pandas as pd


def is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def cell_faults(value, rules, earlier):
    if pd.isna(value):
        return [] if rules.get("optional") else ["missing"]
    faults = []
    if rules["kind"] == "number":
        if not is_number(value):
            faults.append("not a number")
        elif "low" in rules and float(value) < rules["low"]:
            faults.append("too low")
        elif "high" in rules and float(value) > rules["high"]:
            faults.append("too high")
    if "among" in rules and value not in rules["among"]:
        faults.append("not allowed")
    if rules.get("unique") and value in earlier:
        faults.append("repeated")
    return faults


def validate(df, schema):
    faults = [(None, name, "unknown column") for name in set(df.columns) - set(schema)]
    faults += [(None, name, "no such column") for name in set(schema) - set(df.columns)]
    for name in set(schema) & set(df.columns):
        earlier = set()
        for row, value in enumerate(df[name].tolist()):
            faults += [(row, name, fault) for fault in cell_faults(value, schema[name], earlier)]
            earlier.add(value)
    return faults


def infer(df):
    schema = {}
    for name in df.columns:
        values = [value for value in df[name].tolist() if not pd.isna(value)]
        gaps = len(values) < len(df)
        if values and all(isinstance(value, (int, float)) for value in values):
            schema[name] = {"kind": "number", "low": float(min(values)), "high": float(max(values)), "optional": gaps}
        else:
            schema[name] = {"kind": "text", "among": sorted(set(values)), "optional": gaps}
    return schema


def screen(training, serving):
    return validate(serving, infer(training))
