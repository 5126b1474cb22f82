import pandas as pd


def split_xy(df: pd.DataFrame, target: str) -> tuple[pd.DataFrame, pd.Series]:
    """Split a table into features and target, without the rows whose target is missing.

    df: (n, d + 1). Returns: X of shape (m, d) and y of shape (m,), with the same index. Raises KeyError if df has no
    column `target`.
    """
    raise NotImplementedError
