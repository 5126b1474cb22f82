import numpy as np


def standard_errors(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the standard errors of the slopes of least squares with an intercept.

    X: shape (n, d), n > d + 1, independent columns. y: shape (n,). Returns: shape (d,), float.
    """
    raise NotImplementedError
