"""Calls `cluster` again for the comparison.

expects: once_each
Twice the work, and with random starts the labels of the second call are not those that were judged.
"""

import numpy as np


def silhouette(X, labels):
    values = []
    for i, own in enumerate(labels):
        distance = np.linalg.norm(X - X[i], axis=1)
        mates = (labels == own) & (np.arange(len(X)) != i)
        if not mates.any():
            values.append(0.0)
            continue
        a = distance[mates].mean()
        b = min(distance[labels == other].mean() for other in np.unique(labels) if other != own)
        values.append((b - a) / max(a, b))
    return float(np.mean(values))


def choose_k(X, ks, cluster):
    best = None
    for k in sorted(ks):
        if best is None or silhouette(X, cluster(X, k)) > silhouette(X, cluster(X, best)):
            best = k
    return best
