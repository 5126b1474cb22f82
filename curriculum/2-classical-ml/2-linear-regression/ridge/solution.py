import numpy as np


def ridge(X: np.ndarray, y: np.ndarray, lam: float) -> tuple[np.ndarray, float]:
    """Return (w, b) with the smallest sum of squared residuals plus lam times the sum of the squares of w.

    X: shape (n, d), any n and d. y: shape (n,). lam: above 0. Returns: w of shape (d,), and b.
    """
    center = X.mean(axis=0)  # (d,)
    Xc = X - center  # for centered columns the best b is the mean of y, whatever w is, so it can be left out
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(len(center)), Xc.T @ y)  # lam > 0 makes it invertible
    return w, y.mean() - w @ center
