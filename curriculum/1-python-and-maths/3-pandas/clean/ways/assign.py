"""A helper for one column and one `assign`: each step is a function that can be tried alone."""

import pandas as pd


def possible(cells: pd.Series, low: float, high: float) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    return numbers.mask((numbers < low) | (numbers > high))


def clean(df: pd.DataFrame, spec: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return df.assign(**{column: possible(df[column], *limits) for column, limits in spec.items()})
