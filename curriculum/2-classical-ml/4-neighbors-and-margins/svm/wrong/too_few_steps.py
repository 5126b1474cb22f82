"""Stops after five short steps.

expects: near_the_minimum
The first steps find the direction; the width of the street takes many more.
"""

import numpy as np


def svm(X, y, C):
    sign = np.where(y == 1, 1.0, -1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(5):
        pull = np.where(sign * (X @ w + b) < 1, sign, 0.0)
        w = w - 0.01 * (w - C * pull @ X)
        b = b + 0.01 * C * pull.sum()
    return w, float(b)
