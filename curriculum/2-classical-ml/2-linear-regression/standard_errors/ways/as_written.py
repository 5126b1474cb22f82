"""The formula as it stands in the task: the shortest to read, and fine while the columns are far from dependent."""

import numpy as np


def standard_errors(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    n, d = X.shape
    Z = np.column_stack([X, np.ones(n)])
    w = np.linalg.lstsq(Z, y, rcond=None)[0]
    variance = np.sum((y - Z @ w) ** 2) / (n - d - 1)
    covariance = variance * np.linalg.inv(Z.T @ Z)  # (d + 1, d + 1): the variances are its diagonal
    return np.sqrt(np.diag(covariance))[:d]
