import numpy as np


def core_rows(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    """Return which rows have at least m rows, themselves included, within a distance of eps. Shape (n,), bool.

    X: shape (n, d).
    """
    raise NotImplementedError


def dbscan(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    """Return the cluster of each row, numbered from 0, or -1 for noise. Shape (n,), ints.

    X: shape (n, d).
    """
    raise NotImplementedError
