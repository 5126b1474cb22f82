import numpy as np


def kmeans(X: np.ndarray, k: int, rng: np.random.Generator, starts: int = 10) -> tuple[np.ndarray, np.ndarray, float]:
    """Return labels, centers and inertia of the best of several runs of k-means, started by k-means++.

    X: shape (n, d), with at least k different rows. Returns: shape (n,), ints; shape (k, d); a float.
    """
    return min((_run(X, _start(X, k, rng)) for _ in range(starts)), key=lambda run: run[2])


def _start(X: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """k rows of X, each far from the ones before, by k-means++."""
    centers = X[rng.integers(len(X), size=1)]  # (1, d)
    for _ in range(k - 1):
        nearest = _sqdist(X, centers).min(axis=1)  # (n,), 0 for rows chosen already
        centers = np.vstack([centers, X[rng.choice(len(X), p=nearest / nearest.sum())]])
    return centers


def _run(X: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Join and move until no label changes. Changes `centers`."""
    labels = _sqdist(X, centers).argmin(axis=1)  # (n,)
    while True:
        for j in np.unique(labels):
            centers[j] = X[labels == j].mean(axis=0)
        sqdist = _sqdist(X, centers)  # (n, k)
        if (sqdist.argmin(axis=1) == labels).all():
            return labels, centers, sqdist.min(axis=1).sum()
        labels = sqdist.argmin(axis=1)


def _sqdist(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    return ((A[:, np.newaxis] - B) ** 2).sum(axis=2)
