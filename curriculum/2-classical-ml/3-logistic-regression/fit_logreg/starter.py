import numpy as np


def fit_logreg(X: np.ndarray, y: np.ndarray, l2: float) -> tuple[np.ndarray, float]:
    """Return (w, b) that minimize the summed log-loss plus l2 / 2 times the squares of w.

    X: shape (n, d), columns of size about 1. y: shape (n,), zeros and ones. l2: above 0. Returns: w (d,), and b.
    """
    raise NotImplementedError
