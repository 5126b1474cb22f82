"""Every call draws into the same Axes.

expects: own_axes
`plt.hist` draws into whatever Axes is current, so the second call adds its bars to those of the first.
"""

import matplotlib.pyplot as plt


def plot_dist(df, col, bins=10):
    values = df[col].dropna()
    plt.hist(values, bins=bins)
    plt.xlabel(col)
    plt.ylabel("count")
    plt.title(f"{len(values)} values, {len(df) - len(values)} missing")
    return plt.gca()
