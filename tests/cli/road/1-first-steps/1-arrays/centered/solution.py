import numpy as np


def centered(X: np.ndarray) -> np.ndarray:
    """Return ``X`` (n, d) with every column's mean at 0."""
    return X - X.mean(axis=0)
