import numpy as np


def effects(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return by how much the prediction changes when each column rises by one of its standard deviations.

    X: shape (n, d). y: shape (n,). Returns: shape (d,), float, in the units of y; 0 for a constant column.
    """
    raise NotImplementedError
