"""Makes a generator of its own.

expects: repeatable
Every caller gets the same start, whatever generator is passed.
"""

import numpy as np


def kmeans(X, k, rng, starts=10):
    rng = np.random.default_rng(0)
    best = None
    for _ in range(starts):
        centers = X[rng.integers(len(X), size=1)]
        while len(centers) < k:
            gap = ((X[:, None] - centers) ** 2).sum(axis=2).min(axis=1)
            centers = np.vstack([centers, X[rng.choice(len(X), p=gap / gap.sum())]])
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
