from collections.abc import Callable

import numpy as np


def gd(grad: Callable[[np.ndarray], np.ndarray], x0: np.ndarray, lr: float, n: int) -> np.ndarray:
    """Return the path of n steps of gradient descent from x0.

    grad: takes and returns shape (d,). x0: shape (d,), ints or floats. Returns: shape (n + 1, d), float.
    """
    path = [np.array(x0, dtype=float)]
    for _ in range(n):
        path.append(path[-1] - lr * grad(path[-1]))  # a new array for each point
    return np.array(path)
