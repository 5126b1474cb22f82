"""Steps of one length, far too long.

expects: near_the_minimum
The path hops across the valley and never comes to rest.
"""

import numpy as np


def svm(X, y, C):
    sign = np.where(y == 1, 1.0, -1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(1000):
        pull = np.where(sign * (X @ w + b) < 1, sign, 0.0)
        w = w - 0.4 * (w - C * pull @ X)
        b = b + 0.4 * C * pull.sum()
    return w, float(b)
