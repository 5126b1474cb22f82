import numpy as np


def kmeans_step(X: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest center of each row, and where the centers move.

    X: shape (n, d). centers: shape (k, d). Returns: labels, shape (n,), ints, and moved centers, shape (k, d).
    Empty centers take, in their order, the rows farthest from their own center.
    """
    sqdist = ((X[:, np.newaxis] - centers) ** 2).sum(axis=2)  # (n, k)
    labels = sqdist.argmin(axis=1)  # (n,)
    farthest = iter((-sqdist.min(axis=1)).argsort())  # positions of rows, the worst off first
    moved = [X[labels == j].mean(axis=0) if (labels == j).any() else X[next(farthest)] for j in range(len(centers))]
    return labels, np.array(moved)
