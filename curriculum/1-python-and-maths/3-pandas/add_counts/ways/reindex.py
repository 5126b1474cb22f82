"""Spells the alignment out: first agree on the labels, then add."""

import pandas as pd


def add_counts(a: pd.Series, b: pd.Series) -> pd.Series:
    labels = a.index.union(b.index).sort_values()
    return a.reindex(labels, fill_value=0) + b.reindex(labels, fill_value=0)
