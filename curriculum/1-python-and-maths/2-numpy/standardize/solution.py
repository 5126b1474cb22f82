import numpy as np


def standardize(X: np.ndarray) -> np.ndarray:
    """Return X with each column shifted to mean 0 and scaled to deviation 1.

    X: shape (n, d), finite ints or floats. Returns: shape (n, d), float.
    """
    deviation = X.std(axis=0)  # (d,)
    divisor = np.where(deviation == 0, 1.0, deviation)
    return (X - X.mean(axis=0)) / divisor  # (n, d)
