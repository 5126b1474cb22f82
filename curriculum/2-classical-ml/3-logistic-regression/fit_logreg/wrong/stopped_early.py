"""A hundred small steps.

expects: gradient_is_zero
The descent points the right way and is stopped long before it arrives.
"""

import numpy as np


def fit_logreg(X, y, l2):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        w, b = w - 0.002 * (X.T @ (p - y) + l2 * w), b - 0.002 * (p - y).sum()
    return w, b
