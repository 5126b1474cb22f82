from collections.abc import Callable

import numpy as np


def silhouette(X: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean silhouette of a clustering. A row alone in its cluster counts 0.

    X: shape (n, d). labels: shape (n,), ints, at least two different ones.
    """
    distance = np.sqrt(((X[:, np.newaxis] - X) ** 2).sum(axis=2))  # (n, n)
    member = labels[:, np.newaxis] == np.unique(labels)  # (n, k)
    total, size = distance @ member, member.sum(axis=0)  # (n, k), (k,)
    others = (member * size).sum(axis=1) - 1  # (n,), how many share the row's cluster
    a = total[member] / np.maximum(others, 1)  # (n,); the row itself adds 0 to the total
    b = np.where(member, np.inf, total / size).min(axis=1)  # (n,)
    return np.where(others > 0, (b - a) / np.maximum(a, b), 0.0).mean()


def choose_k(X: np.ndarray, ks: list[int], cluster: Callable[[np.ndarray, int], np.ndarray]) -> int:
    """Return the k of ks for which cluster(X, k) has the largest mean silhouette; the smallest of equal ones."""
    return max(sorted(ks), key=lambda k: silhouette(X, cluster(X, k)))  # max keeps the first of equal ones
