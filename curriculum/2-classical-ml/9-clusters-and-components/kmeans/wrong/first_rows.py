"""Starts with the first k rows.

expects: best_of_several
Rows that follow each other in a file are often alike, and every start is the same one.
"""

import numpy as np


def kmeans(X, k, rng, starts=10):
    centers, labels = X[:k].copy(), None
    while True:
        distance = ((X[:, None] - centers) ** 2).sum(axis=2)
        joined = distance.argmin(axis=1)
        if labels is not None and np.array_equal(joined, labels):
            return labels, centers, float(distance.min(axis=1).sum())
        labels = joined
        for j in np.unique(labels):
            centers[j] = X[labels == j].mean(axis=0)
