import numpy as np


def hinge(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean hinge loss of the linear scores X @ w, and a subgradient with respect to w.

    w: shape (d,). X: shape (n, d). y: shape (n,), zeros and ones. Returns: a float, and shape (d,).
    """
    raise NotImplementedError
