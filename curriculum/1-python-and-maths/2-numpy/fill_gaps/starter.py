import numpy as np


def fill_gaps(X: np.ndarray) -> np.ndarray:
    """Return a copy of X with each nan replaced by the mean of its column's values; a column of nans becomes 0.

    X: shape (n, d), float. Returns: shape (n, d), float.
    """
    raise NotImplementedError
