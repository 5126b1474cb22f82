import numpy as np


def hinge(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean hinge loss of the linear scores X @ w, and a subgradient with respect to w.

    w: shape (d,). X: shape (n, d). y: shape (n,), zeros and ones. Returns: a float, and shape (d,).
    """
    sign = np.where(y == 1, 1.0, -1.0)  # (n,)
    margin = sign * (X @ w)  # (n,)
    pulls = np.where(margin < 1, sign, 0.0)  # (n,), 0 where a row is content
    return np.maximum(0.0, 1 - margin).mean(), -pulls @ X / len(y)
