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
    raise NotImplementedError
