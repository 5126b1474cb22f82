import numpy as np


def dot(u: np.ndarray, v: np.ndarray) -> np.ndarray | float:
    """Return the dot product along the last axis.

    u, v: shape (d,) or (n, d). Returns: a float for two vectors, otherwise shape (n,), float.
    Raises ValueError when the last axes differ in length.
    """
    raise NotImplementedError
