import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes


def plot_groups(df: pd.DataFrame, value: str, by: str, bins: int = 12) -> Axes:
    """Draw the density histogram of each group over the others, on shared bin edges.

    df: a numeric column `value` (NaN where missing) and a column `by` of group names. Returns: the Axes drawn on.
    """
    present = df.dropna(subset=[value])
    edges = np.histogram_bin_edges(present[value], bins=bins)  # (bins + 1,)
    _, ax = plt.subplots()
    for name, values in present.groupby(by)[value]:
        ax.hist(values, bins=edges, density=True, alpha=0.5, label=str(name))
    ax.set(xlabel=value, ylabel="density")
    ax.legend()
    return ax
