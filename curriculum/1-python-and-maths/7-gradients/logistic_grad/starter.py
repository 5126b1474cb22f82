import numpy as np


def logistic_grad(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of the mean log-loss of a logistic model with respect to its weights.

    w: shape (d,). X: shape (n, d). y: shape (n,), zeros and ones. Returns: shape (d,), float.
    """
    raise NotImplementedError
