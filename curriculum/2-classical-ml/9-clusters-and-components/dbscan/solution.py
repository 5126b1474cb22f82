import numpy as np


def core_rows(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    """Return which rows have at least m rows, themselves included, within a distance of eps. Shape (n,), bool.

    X: shape (n, d).
    """
    return _neighbors(X, eps).sum(axis=1) >= m


def dbscan(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    """Return the cluster of each row, numbered from 0, or -1 for noise. Shape (n,), ints.

    X: shape (n, d).
    """
    near, core = _neighbors(X, eps), core_rows(X, eps, m)
    labels = np.full(len(X), -1)
    for first in np.flatnonzero(core):
        if labels[first] == -1:
            labels[first] = cluster = labels.max() + 1
            to_visit = [first]
            while to_visit:  # holds core rows only: a border row is reached, and passes nothing on
                reached = near[to_visit.pop()] & (labels == -1)
                labels[reached] = cluster
                to_visit.extend(np.flatnonzero(reached & core))
    return labels


def _neighbors(X: np.ndarray, eps: float) -> np.ndarray:
    """Who is within reach of whom, itself included. Shape (n, n), bool."""
    return ((X[:, np.newaxis] - X) ** 2).sum(axis=2) <= eps**2
