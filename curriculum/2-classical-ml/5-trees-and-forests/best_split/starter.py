import numpy as np


def best_split(X: np.ndarray, y: np.ndarray) -> tuple[int, float] | None:
    """Return the feature and the threshold of the question with the smallest cost, or None if there is none.

    X: shape (n, d). y: shape (n,), numbers or labels 0 and 1.
    """
    raise NotImplementedError
