import numpy as np


def logistic_grad(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of the mean log-loss of a logistic model with respect to its weights.

    w: shape (d,). X: shape (n, d). y: shape (n,), zeros and ones. Returns: shape (d,), float.
    """
    z = X @ w  # (n,)
    p = 0.5 * (1 + np.tanh(0.5 * z))  # (n,), the sigmoid in a form that cannot overflow
    dL_dz = (p - y) / len(y)  # (n,), the loss and the sigmoid together: what is between them cancels
    return dL_dz @ X  # (d,), since dz/dw is X
