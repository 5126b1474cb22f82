"""Fills an array that is made like the start.

expects: float_path
Made like an integer array, the path holds ints, and every step is cut off.
"""

import numpy as np


def gd(grad, x0, lr, n):
    path = np.zeros((n + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n):
        path[k + 1] = path[k] - lr * grad(path[k])
    return path
