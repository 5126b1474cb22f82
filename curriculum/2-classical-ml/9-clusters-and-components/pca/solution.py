import numpy as np


def pca(X: np.ndarray, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first d principal directions of X, the rows' places along them, and the shares of variance.

    X: shape (n, p). Returns: components (d, p), scores (n, d), share (d,).
    """
    centered = X - X.mean(axis=0)  # (n, p)
    singular, directions = np.linalg.svd(centered, full_matrices=False)[1:]  # falling order; directions are rows
    components = directions[:d]  # (d, p)
    return components, centered @ components.T, (singular**2 / (singular**2).sum())[:d]
