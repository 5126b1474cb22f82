"""Milestone 1: know your data."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

DATA = "my-data.csv"


def load(path: str) -> pd.DataFrame:
    """Read the CSV at `path`; missing values stay missing."""
    return pd.read_csv(path)


def stats(df: pd.DataFrame) -> pd.DataFrame:
    """One row per numeric column; std is the sample deviation."""
    return df.select_dtypes("number").agg(["count", "mean", "std", "min", "median", "max"]).T


def plot(df: pd.DataFrame, column: str) -> Axes:
    """Draw a histogram of counts of one numeric column and return its Axes."""
    _, ax = plt.subplots()
    ax.hist(df[column].dropna(), bins="auto", edgecolor="white")
    ax.set_xlabel(column)
    ax.set_ylabel("rows")
    return ax
