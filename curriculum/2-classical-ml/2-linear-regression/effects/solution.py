import numpy as np


def effects(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return by how much the prediction changes when each column rises by one of its standard deviations.

    X: shape (n, d). y: shape (n,). Returns: shape (d,), float, in the units of y; 0 for a constant column.
    """
    deviation = X.std(axis=0)  # (d,)
    varies = X.min(axis=0) < X.max(axis=0)
    Z = (X - X.mean(axis=0)) / np.where(varies, deviation, np.inf)  # a constant column becomes zeros
    return np.linalg.lstsq(Z, y)[0]  # per deviation by construction; the shortest solution leaves zeros at 0
