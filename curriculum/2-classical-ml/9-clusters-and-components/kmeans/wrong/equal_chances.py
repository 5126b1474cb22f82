"""Draws the starting rows with equal chances.

expects: spread_starts
Several of them fall into one group, and another group gets none.
"""

import numpy as np


def kmeans(X, k, rng, starts=10):
    best = None
    for _ in range(starts):
        centers = X[rng.choice(len(X), size=k, replace=False)]
        labels = None
        while True:
            joined = ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
            if labels is not None and np.array_equal(joined, labels):
                break
            labels = joined
            for j in np.unique(labels):
                centers[j] = X[labels == j].mean(axis=0)
        inertia = float(((X - centers[labels]) ** 2).sum())
        if best is None or inertia < best[2]:
            best = labels, centers, inertia
    return best
