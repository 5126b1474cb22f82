"""Puts counts and means side by side with `concat`: no table is changed after it was made."""

import pandas as pd


def summarize(df: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = df.groupby(by, dropna=False)
    return pd.concat([groups.size().rename("rows"), groups.mean()], axis=1)
