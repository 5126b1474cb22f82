"""The intercept is fitted once, before the slopes.

expects: gradient_is_zero
It matches the share of positives while all slopes are 0, and is off as soon as they are not.
"""

import numpy as np


def fit_logreg(X, y, l2):
    b = float(np.log(y.mean() / (1 - y.mean())))
    w = np.zeros(X.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        curvature = (X.T * (p * (1 - p))) @ X + l2 * np.eye(len(w))
        w = w - np.linalg.solve(curvature, X.T @ (p - y) + l2 * w)
    return w, b
