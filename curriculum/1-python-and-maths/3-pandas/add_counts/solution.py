import pandas as pd


def add_counts(a: pd.Series, b: pd.Series) -> pd.Series:
    """Add two Series of counts by label; a label that one of them lacks counts as 0 there.

    a, b: integers, unique labels. Returns: integers, the union of the labels, sorted.
    """
    return a.add(b, fill_value=0).astype(int).sort_index()
