"""Milestone 1: know your data. The task is in milestone.md; prove it with `gradus milestone 1`."""

import pandas as pd
from matplotlib.axes import Axes

DATA = "my-data.csv"  # your own CSV: beside this file, or an absolute path


def load(path: str) -> pd.DataFrame:
    """Read the CSV at `path`; missing values stay missing."""
    raise NotImplementedError


def stats(df: pd.DataFrame) -> pd.DataFrame:
    """One row per numeric column; columns count, mean, std, min, median, max."""
    raise NotImplementedError


def plot(df: pd.DataFrame, column: str) -> Axes:
    """Draw a histogram of counts of one numeric column and return its Axes."""
    raise NotImplementedError
