import numpy as np


def encode(category: np.ndarray, y: np.ndarray, folds: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Replace categories by means of the target, each training row by rows of other folds.

    category, y, folds: shape (n,), the training rows. other: shape (m,), categories of rows without a target.
    Returns: floats of shape (n,) and (m,).
    """
    encoded = np.empty(len(y))
    for fold in np.unique(folds):
        inside = folds == fold
        encoded[inside] = _means(category[~inside], y[~inside], category[inside])
    return encoded, _means(category, y, other)


def _means(category: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The mean of y in each wanted category, and the mean of all y where a category does not occur."""
    same = wanted[:, None] == category  # (m, n)
    count = same.sum(axis=1)  # (m,)
    return np.where(count > 0, same @ y / np.maximum(count, 1), y.mean())
