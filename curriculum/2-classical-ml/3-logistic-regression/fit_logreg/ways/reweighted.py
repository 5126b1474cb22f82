"""Sees each Newton step as a weighted ridge regression, and the weights say whom it listens to."""

import numpy as np


def fit_logreg(X: np.ndarray, y: np.ndarray, l2: float) -> tuple[np.ndarray, float]:
    n, d = X.shape
    Z = np.column_stack([np.ones(n), X])
    charge = l2 * np.diag([0.0] + [1.0] * d)
    theta = np.zeros(d + 1)
    for _ in range(100):
        z = Z @ theta
        p = 1 / (1 + np.exp(-z))
        weight = np.maximum(p * (1 - p), 1e-12)  # (n,), how much each example has to say
        target = z + (y - p) / weight  # what it would like its score to be
        new = np.linalg.solve((Z.T * weight) @ Z + charge, (Z.T * weight) @ target)
        if np.abs(new - theta).max() < 1e-10:
            break
        theta = new
    return theta[1:], float(theta[0])
