"""Walks down the slope of `hinge` in ever shorter steps and averages the second half of the path: no solver to
write."""

import numpy as np


def svm(X: np.ndarray, y: np.ndarray, C: float) -> tuple[np.ndarray, float]:
    steps = 1000
    sign = np.where(y == 1, 1.0, -1.0)  # (n,)
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for t in range(steps):
        pull = np.where(sign * (X @ w + b) < 1, sign, 0.0)  # (n,), 0 where a row is content
        rate = 1 / (C * len(y) + t)
        w = w - rate * (w - C * pull @ X)
        b = b + rate * C * pull.sum()
        if t >= steps // 2:  # the path hops about the minimum: its second half is averaged
            w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum / (steps - steps // 2), b_sum / (steps - steps // 2)
