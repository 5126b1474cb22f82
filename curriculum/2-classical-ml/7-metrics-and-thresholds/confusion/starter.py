import numpy as np


def confusion(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return how often each true class (row) was predicted as each class (column), classes sorted.

    y, p: shape (n,), ints or strings. Returns: shape (K, K), int, for the K classes in y or p.
    """
    raise NotImplementedError


def precision(C: np.ndarray) -> np.ndarray:
    """Return for each class the share of its predictions that are right; 0.0 where there are none.

    C: shape (K, K), rows true, columns predicted. Returns: shape (K,), float.
    """
    raise NotImplementedError


def recall(C: np.ndarray) -> np.ndarray:
    """Return for each class the share of its members that were found; 0.0 where there are none.

    C: shape (K, K), rows true, columns predicted. Returns: shape (K,), float.
    """
    raise NotImplementedError
