import numpy as np


def standardize(X: np.ndarray) -> np.ndarray:
    """Return X with each column shifted to mean 0 and scaled to deviation 1.

    X: shape (n, d), finite ints or floats. Returns: shape (n, d), float. A constant column becomes 0.
    """
    constant = X.min(axis=0) == X.max(axis=0)  # (d,); a deviation of 0 would miss 0.1s, whose mean is rounded
    deviation = np.where(constant, np.inf, X.std(axis=0))  # (d,); anything finite / inf is 0
    return (X - X.mean(axis=0)) / deviation  # (n, d), new
