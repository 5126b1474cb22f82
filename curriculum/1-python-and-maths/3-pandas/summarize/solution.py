import pandas as pd


def summarize(df: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return one row per group: how many rows it has, and the mean of every other column.

    df: (n, d + 1), every column but `by` numeric. Returns: (groups, d + 1), index named `by`, ascending, NaN last.
    """
    groups = df.groupby(by, dropna=False)
    table = groups.mean()  # (groups, d)
    table.insert(0, "rows", groups.size())
    return table
