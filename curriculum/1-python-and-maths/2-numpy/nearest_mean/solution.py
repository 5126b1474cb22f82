import numpy as np


def nearest_mean(train_X: np.ndarray, train_y: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return for each row of X the label whose training rows have the nearest mean; ties go to the smaller label.

    train_X: shape (n, d), train_y: shape (n,), X: shape (m, d). Returns: shape (m,), int.
    """
    classes = np.unique(train_y)  # (K,), sorted
    means = np.stack([train_X[train_y == label].mean(axis=0) for label in classes])  # (K, d)
    sqdist = ((X[:, np.newaxis, :] - means) ** 2).sum(axis=2)  # (m, 1, d) - (K, d) -> (m, K)
    return classes[sqdist.argmin(axis=1)]  # argmin takes the first of equals: the smaller label
