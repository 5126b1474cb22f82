"""Counts with NumPy and draws the counts: the numbers behind the picture can be checked before they are drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes


def plot_dist(df: pd.DataFrame, col: str, bins: int = 10) -> Axes:
    missing = df[col].isna()
    counts, edges = np.histogram(df.loc[~missing, col], bins=bins)  # (bins,), (bins + 1,)
    ax = plt.figure().add_subplot()
    ax.bar(edges[:-1], counts, width=np.diff(edges), align="edge")
    ax.set_xlabel(col)
    ax.set_ylabel("count")
    ax.set_title(f"{counts.sum()} values, {missing.sum()} missing")
    return ax
