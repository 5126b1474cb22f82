import numpy as np


def one_hot(y: np.ndarray, K: int) -> np.ndarray:
    """Return an array with a 1 in column y[i] of row i and 0 elsewhere.

    y: shape (n,), ints in 0..K-1. Returns: shape (n, K), float. Raises ValueError for a label outside 0..K-1.
    """
    if ((y < 0) | (y >= K)).any():
        raise ValueError(f"labels must lie in 0..{K - 1}")
    return (y[:, np.newaxis] == np.arange(K)).astype(float)  # (n, 1) == (K,) -> (n, K)
