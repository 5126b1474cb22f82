import numpy as np


def kmeans_step(X: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest center of each row, and where the centers move.

    X: shape (n, d). centers: shape (k, d). Returns: labels, shape (n,), ints, and moved centers, shape (k, d).
    Empty centers take, in their order, the rows farthest from their own center.
    """
    raise NotImplementedError
