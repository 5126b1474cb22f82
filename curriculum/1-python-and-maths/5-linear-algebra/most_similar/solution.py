import numpy as np


def directions(X: np.ndarray) -> np.ndarray:
    """Return the rows of X, shape (n, d), each at length 1."""
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def most_similar(queries: np.ndarray, images: np.ndarray, k: int) -> np.ndarray:
    """Return for each query the indices of the k images with the largest cosine, the largest first.

    queries: shape (m, d). images: shape (n, d). No row is all zeros. Returns: shape (m, k), int.
    """
    similarity = directions(queries) @ directions(images).T  # (m, n)
    return np.argsort(-similarity, axis=1)[:, :k]
