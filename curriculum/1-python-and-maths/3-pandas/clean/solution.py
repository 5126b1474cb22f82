import pandas as pd


def clean(df: pd.DataFrame, spec: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return a copy of df in which unreadable and impossible cells of the specified columns are NaN.

    spec: column name -> (low, high), both possible. Returns: same shape, index and columns; columns in spec are float.
    """
    out = df.copy()
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(df[column], errors="coerce").astype(float)
        out[column] = numbers.where(numbers.between(low, high))
    return out
