"""Numbers the K × K cells and counts them all at once with `bincount`: fast, and no loop over examples."""

import numpy as np


def confusion(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    classes, positions = np.unique(np.concatenate([y, p]), return_inverse=True)
    k = len(classes)
    cells = positions[: len(y)] * k + positions[len(y) :]
    return np.bincount(cells, minlength=k * k).reshape(k, k)


def precision(C: np.ndarray) -> np.ndarray:
    called = C.sum(axis=0)
    return np.divide(C.diagonal(), called, out=np.zeros(len(C)), where=called > 0)


def recall(C: np.ndarray) -> np.ndarray:
    return precision(C.T)
