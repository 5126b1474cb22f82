import numpy as np


def knn(X_train: np.ndarray, y_train: np.ndarray, X: np.ndarray, k: int) -> np.ndarray:
    """Return, for each row of X, the label that most of its k nearest training rows have.

    X_train: shape (n, d). y_train: shape (n,), ints. X: shape (m, d). 1 <= k <= n.
    Returns: shape (m,), ints. Among labels with equally many votes the smallest wins.
    """
    classes = np.unique(y_train)  # sorted
    sqdist = ((X[:, np.newaxis] - X_train) ** 2).sum(axis=2)  # (m, n)
    nearest = sqdist.argsort(axis=1)[:, :k]  # (m, k), positions of training rows
    votes = (y_train[nearest][:, :, np.newaxis] == classes).sum(axis=1)  # (m, k, classes) -> (m, classes)
    return classes[votes.argmax(axis=1)]  # argmax takes the first of equal counts
