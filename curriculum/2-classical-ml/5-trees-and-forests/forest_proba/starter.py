from collections.abc import Callable

import numpy as np

Tree = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]


def forest_proba(trees: list[Tree], X: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the mean of the trees' probabilities.

    trees: pairs (known, proba). X: shape (n, d). classes: shape (K,), ascending. Returns: shape (n, K).
    """
    raise NotImplementedError
