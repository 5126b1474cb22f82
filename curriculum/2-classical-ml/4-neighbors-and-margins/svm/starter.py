import numpy as np


def svm(X: np.ndarray, y: np.ndarray, C: float) -> tuple[np.ndarray, float]:
    """Return (w, b) of the linear support vector machine: the smallest w @ w / 2 + C * (sum of hinge losses).

    X: shape (n, d), standardized columns. y: shape (n,), zeros and ones. Returns: shape (d,), and a float.
    """
    raise NotImplementedError
