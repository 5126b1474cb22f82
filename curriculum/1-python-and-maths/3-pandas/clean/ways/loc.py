"""Writes with `.loc[rows, column]`: one step, so there is no temporary table that could swallow the write."""

import pandas as pd


def clean(df: pd.DataFrame, spec: dict[str, tuple[float, float]]) -> pd.DataFrame:
    out = df.copy()
    for column, (low, high) in spec.items():
        out[column] = pd.to_numeric(out[column], errors="coerce").astype(float)
        out.loc[~out[column].between(low, high), column] = float("nan")
    return out
