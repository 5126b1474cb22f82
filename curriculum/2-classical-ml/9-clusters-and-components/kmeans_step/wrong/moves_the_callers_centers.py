"""Writes the means into the centers it was given.

expects: input_changed
The caller cannot tell any more how far the centers moved.
"""

import numpy as np


def kmeans_step(X, centers):
    distance = ((X[:, np.newaxis] - centers) ** 2).sum(axis=2)
    labels = distance.argmin(axis=1)
    worst = iter(np.argsort(-distance.min(axis=1)))
    for j in range(len(centers)):
        mine = X[labels == j]
        centers[j] = mine.mean(axis=0) if len(mine) else X[next(worst)]
    return labels, centers
