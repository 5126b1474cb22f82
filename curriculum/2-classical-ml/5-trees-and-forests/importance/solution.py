from collections.abc import Callable

import numpy as np


def importance(
    predict: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    held: np.ndarray,
    shuffles: np.ndarray,
) -> np.ndarray:
    """Return by how much the held rows' mean squared error rises when a column is shuffled.

    X: shape (n, d). y: shape (n,). held: shape (m,), row numbers. shuffles: shape (r, m). Returns: shape (d,).
    """
    X, y = X[held], y[held]

    def error(table: np.ndarray) -> float:
        return ((y - predict(table)) ** 2).mean()

    rise = np.zeros(X.shape[1])
    for j in range(X.shape[1]):
        for order in shuffles:
            shuffled = X.copy()  # afresh, so that one column at a time is out of order
            shuffled[:, j] = X[order, j]
            rise[j] += error(shuffled)
    return rise / len(shuffles) - error(X)
