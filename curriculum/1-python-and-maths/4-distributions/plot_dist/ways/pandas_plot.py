"""pandas draws the histogram itself, on Axes it is given: one line for the bars."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes


def plot_dist(df: pd.DataFrame, col: str, bins: int = 10) -> Axes:
    figure, ax = plt.subplots()
    df[col].plot.hist(bins=bins, ax=ax)
    ax.set(xlabel=col, ylabel="count", title=f"{df[col].count()} values, {df[col].isna().sum()} missing")
    return ax
