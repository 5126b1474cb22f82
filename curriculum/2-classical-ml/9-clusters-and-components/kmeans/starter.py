import numpy as np


def kmeans(X: np.ndarray, k: int, rng: np.random.Generator, starts: int = 10) -> tuple[np.ndarray, np.ndarray, float]:
    """Return labels, centers and inertia of the best of several runs of k-means, started by k-means++.

    X: shape (n, d), with at least k different rows. Returns: shape (n,), ints; shape (k, d); a float.
    """
    raise NotImplementedError
