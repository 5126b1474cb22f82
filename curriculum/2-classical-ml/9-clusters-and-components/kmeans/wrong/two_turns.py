"""Makes two turns and stops.

expects: converged
Rows are still with a center that is no longer the nearest.
"""

import numpy as np


def kmeans(X, k, rng, starts=10):
    best = None
    for _ in range(starts):
        centers = X[rng.integers(len(X), size=1)]
        while len(centers) < k:
            gap = ((X[:, None] - centers) ** 2).sum(axis=2).min(axis=1)
            centers = np.vstack([centers, X[rng.choice(len(X), p=gap / gap.sum())]])
        for _ in range(2):
            labels = ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
            for j in np.unique(labels):
                centers[j] = X[labels == j].mean(axis=0)
        inertia = float(((X - centers[labels]) ** 2).sum())
        if best is None or inertia < best[2]:
            best = labels, centers, inertia
    return best
