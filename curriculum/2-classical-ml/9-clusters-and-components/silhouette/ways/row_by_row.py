"""Goes row by row and says it as the task does: easy to check by hand, and fast enough for a few hundred rows."""

from collections.abc import Callable

import numpy as np


def silhouette(X: np.ndarray, labels: np.ndarray) -> float:
    values = []
    for i, own in enumerate(labels):
        distance = np.linalg.norm(X - X[i], axis=1)  # (n,)
        mates = (labels == own) & (np.arange(len(X)) != i)
        if not mates.any():
            values.append(0.0)
            continue
        a = distance[mates].mean()
        b = min(distance[labels == other].mean() for other in np.unique(labels) if other != own)
        values.append((b - a) / max(a, b))
    return float(np.mean(values))


def choose_k(X: np.ndarray, ks: list[int], cluster: Callable[[np.ndarray, int], np.ndarray]) -> int:
    scores = {k: silhouette(X, cluster(X, k)) for k in ks}
    best = max(scores.values())
    return min(k for k, score in scores.items() if score == best)
