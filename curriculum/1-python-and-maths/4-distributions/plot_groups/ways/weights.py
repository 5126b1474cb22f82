"""Computes each density from its counts: plain to see what `density=True` does, and where the area 1 comes from."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes


def plot_groups(df: pd.DataFrame, value: str, by: str, bins: int = 12) -> Axes:
    edges = np.linspace(df[value].min(), df[value].max(), bins + 1)
    width = np.diff(edges)
    ax = plt.figure().add_subplot()
    for name in sorted(df[by].unique()):
        counts, _ = np.histogram(df.loc[df[by] == name, value].dropna(), bins=edges)
        ax.bar(edges[:-1], counts / counts.sum() / width, width=width, align="edge", alpha=0.4, label=name)
    ax.set_xlabel(value)
    ax.set_ylabel("density")
    ax.legend()
    return ax
