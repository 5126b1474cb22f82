"""Makes room for the whole path first and fills it row by row: no list, and the shape is stated where it is made."""

from collections.abc import Callable

import numpy as np


def gd(grad: Callable[[np.ndarray], np.ndarray], x0: np.ndarray, lr: float, n: int) -> np.ndarray:
    path = np.empty((n + 1, len(x0)))
    path[0] = x0
    for k in range(n):
        path[k + 1] = path[k] - lr * grad(path[k])
    return path
