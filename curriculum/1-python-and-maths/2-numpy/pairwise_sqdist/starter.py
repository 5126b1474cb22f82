import numpy as np


def pairwise_sqdist(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Return the squared Euclidean distance between each row of A and each row of B.

    A: shape (n, d), B: shape (m, d). Returns: shape (n, m), nonnegative.
    """
    raise NotImplementedError
