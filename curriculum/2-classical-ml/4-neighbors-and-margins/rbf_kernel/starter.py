import numpy as np


def rbf_kernel(A: np.ndarray, B: np.ndarray, gamma: float) -> np.ndarray:
    """Return exp(-gamma * squared distance) for each row of A and each row of B.

    A: shape (n, d). B: shape (m, d). gamma > 0. Returns: shape (n, m), from 0 to 1.
    """
    raise NotImplementedError
