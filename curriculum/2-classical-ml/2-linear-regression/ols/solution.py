import numpy as np


def ols(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return (w, b), the coefficients and the intercept with the smallest sum of squared residuals.

    X: shape (n, d). y: shape (n,). Returns: w of shape (d,), and b.
    """
    center = X.mean(axis=0)  # (d,)
    w = np.linalg.lstsq(X - center, y)[0]  # (d,); the columns sum to 0, so the mean of y plays no part
    return w, y.mean() - w @ center  # the best plane goes through the means
