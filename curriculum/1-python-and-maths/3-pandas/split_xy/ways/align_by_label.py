"""Lets the labels do the work: `y` decides which rows remain, and `X` is asked for exactly those labels."""

import pandas as pd


def split_xy(df: pd.DataFrame, target: str) -> tuple[pd.DataFrame, pd.Series]:
    y = df[target].dropna()
    return df.loc[y.index, df.columns != target], y
