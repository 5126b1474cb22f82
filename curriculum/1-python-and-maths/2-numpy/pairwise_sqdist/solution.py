import numpy as np


def pairwise_sqdist(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Return the squared Euclidean distance between each row of A and each row of B.

    A: shape (n, d), B: shape (m, d). Returns: shape (n, m), nonnegative.
    """
    difference = A[:, np.newaxis, :] - B  # (n, 1, d) - (m, d) -> (n, m, d)
    return (difference**2).sum(axis=2)  # (n, m)
