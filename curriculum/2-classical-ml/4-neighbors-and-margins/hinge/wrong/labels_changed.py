"""Turns the zeros of the caller's labels into -1.

expects: input_changed
The next call, or the next model, finds other labels.
"""

import numpy as np


def hinge(w, X, y):
    y[y == 0] = -1
    margin = y * (X @ w)
    return float(np.maximum(0.0, 1 - margin).mean()), -(y * (margin < 1)) @ X / len(y)
