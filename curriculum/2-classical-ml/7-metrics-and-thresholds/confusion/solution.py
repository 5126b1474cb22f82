import numpy as np


def confusion(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return how often each true class (row) was predicted as each class (column), classes sorted.

    y, p: shape (n,), ints or strings. Returns: shape (K, K), int, for the K classes in y or p.
    """
    classes = np.union1d(y, p)  # (K,), sorted
    true, predicted = np.searchsorted(classes, y), np.searchsorted(classes, p)  # positions, (n,)
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (true, predicted), 1)  # counts[...] += 1 would count a repeated pair once
    return counts


def precision(C: np.ndarray) -> np.ndarray:
    """Return for each class the share of its predictions that are right; 0.0 where there are none.

    C: shape (K, K), rows true, columns predicted. Returns: shape (K,), float.
    """
    return np.diag(C) / np.maximum(C.sum(axis=0), 1)  # down a column: all that were called so


def recall(C: np.ndarray) -> np.ndarray:
    """Return for each class the share of its members that were found; 0.0 where there are none.

    C: shape (K, K), rows true, columns predicted. Returns: shape (K,), float.
    """
    return np.diag(C) / np.maximum(C.sum(axis=1), 1)  # along a row: all that are so
