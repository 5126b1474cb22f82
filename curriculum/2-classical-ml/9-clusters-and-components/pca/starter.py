import numpy as np


def pca(X: np.ndarray, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first d principal directions of X, the rows' places along them, and the shares of variance.

    X: shape (n, p). Returns: components (d, p), scores (n, d), share (d,).
    """
    raise NotImplementedError
