import numpy as np


def split_gain(g: np.ndarray, h: np.ndarray, left: np.ndarray, lam: float, gamma: float) -> tuple[float, float, float]:
    """Return the gain of a split, and the best steps of its left and right leaf.

    g, h: shape (n,), first and second derivatives of the loss. left: shape (n,), bool.
    """
    raise NotImplementedError
