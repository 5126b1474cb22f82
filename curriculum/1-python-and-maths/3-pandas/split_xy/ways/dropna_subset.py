"""`dropna(subset=...)` says in one word which gaps count: those in the target."""

import pandas as pd


def split_xy(df: pd.DataFrame, target: str) -> tuple[pd.DataFrame, pd.Series]:
    labeled = df.dropna(subset=[target])
    return labeled.drop(columns=target), labeled[target]
