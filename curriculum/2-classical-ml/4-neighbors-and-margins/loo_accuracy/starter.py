import numpy as np


def loo_accuracy(X: np.ndarray, y: np.ndarray, k: int) -> float:
    """Return the share of rows that their k nearest other rows classify correctly.

    X: shape (n, d). y: shape (n,), ints. 1 <= k <= n - 1. Among equally frequent labels the smallest is predicted.
    """
    raise NotImplementedError
