"""Says where each column belongs with a matrix of 0 and 1, (known, K): the order of classes does not matter."""

from collections.abc import Callable

import numpy as np

Tree = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]


def forest_proba(trees: list[Tree], X: np.ndarray, classes: np.ndarray) -> np.ndarray:
    opinions = [proba(X) @ (known[:, None] == classes) for known, proba in trees]
    return np.mean(opinions, axis=0)
