"""Sees each slope as a weighted sum of the labels: independent noise adds up by the squares of the weights."""

import numpy as np


def standard_errors(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    n, d = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    weights = np.linalg.pinv(Xc)  # (d, n): slopes = weights @ y
    residual = yc - Xc @ (weights @ yc)
    noise = np.sqrt(residual @ residual / (n - d - 1))
    return noise * np.linalg.norm(weights, axis=1)
