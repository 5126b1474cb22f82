"""`argpartition` finds the k nearest without sorting all the others, which counts once there are a million rows."""

import numpy as np


def knn(X_train: np.ndarray, y_train: np.ndarray, X: np.ndarray, k: int) -> np.ndarray:
    classes, codes = np.unique(y_train, return_inverse=True)
    sqdist = ((X[:, np.newaxis] - X_train) ** 2).sum(axis=2)  # (m, n)
    nearest = np.argpartition(sqdist, k - 1, axis=1)[:, :k]  # (m, k), in no particular order
    votes = np.stack([np.bincount(codes[row], minlength=len(classes)) for row in nearest])  # (m, classes)
    return classes[votes.argmax(axis=1)]
