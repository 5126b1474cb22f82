from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

import numpy as np
import pandas as pd

Fault = tuple[int | None, str, str]
Schema = Mapping[str, Mapping[str, Any]]


def validate(df: pd.DataFrame, schema: Schema) -> list[Fault]:
    """All faults of a table as (position of the row, column, fault); the row is None for a whole column."""
    faults: list[Fault] = [(None, name, "unknown column") for name in df.columns if name not in schema]
    for name, rules in schema.items():
        if name not in df.columns:
            faults.append((None, name, "no such column"))
            continue
        for fault, bad in cell_faults(df[name], rules):
            faults += [(int(row), name, fault) for row in np.flatnonzero(bad)]
    return faults


def cell_faults(column: pd.Series, rules: Mapping[str, Any]) -> Iterator[tuple[str, pd.Series]]:
    """Each kind of fault with a mask of the cells that have it, shape (n,)."""
    missing = column.isna()
    if not rules.get("optional"):
        yield "missing", missing
    if rules["kind"] == "number":
        numbers = pd.to_numeric(column, errors="coerce")
        yield "not a number", numbers.isna() & ~missing
        yield "too low", numbers < rules.get("low", -inf)
        yield "too high", numbers > rules.get("high", inf)
    if "among" in rules:
        yield "not allowed", ~column.isin(rules["among"]) & ~missing
    if rules.get("unique"):
        yield "repeated", column.duplicated() & ~missing


def infer(df: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """A schema that these data just meet: ranges of numbers, values of texts, and whether any is missing."""
    schema: dict[str, dict[str, Any]] = {}
    for name in df.columns:
        column = df[name]
        if pd.api.types.is_numeric_dtype(column):
            rules = {"kind": "number", "low": float(column.min()), "high": float(column.max())}
        else:
            rules = {"kind": "text", "among": sorted(column.dropna().unique())}
        schema[name] = rules | {"optional": bool(column.isna().any())}
    return schema


def screen(training: pd.DataFrame, serving: pd.DataFrame) -> list[Fault]:
    """The faults of the serving data, by a schema that the training data give."""
    return validate(serving, infer(training))
