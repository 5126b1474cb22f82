import numpy as np


def ols(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return (w, b), the coefficients and the intercept with the smallest sum of squared residuals.

    X: shape (n, d). y: shape (n,). Returns: w of shape (d,), and b.
    """
    raise NotImplementedError
