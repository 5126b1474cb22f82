from collections.abc import Callable

import numpy as np


def silhouette(X: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean silhouette of a clustering. A row alone in its cluster counts 0.

    X: shape (n, d). labels: shape (n,), ints, at least two different ones.
    """
    raise NotImplementedError


def choose_k(X: np.ndarray, ks: list[int], cluster: Callable[[np.ndarray, int], np.ndarray]) -> int:
    """Return the k of ks for which cluster(X, k) has the largest mean silhouette; the smallest of equal ones."""
    raise NotImplementedError
