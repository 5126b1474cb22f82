import numpy as np


def dot(u: np.ndarray, v: np.ndarray) -> np.ndarray | float:
    """Return the dot product along the last axis.

    u, v: shape (d,) or (n, d). Returns: a float for two vectors, otherwise shape (n,), float.
    Raises ValueError when the last axes differ in length.
    """
    if u.shape[-1] != v.shape[-1]:  # broadcasting would stretch a length of 1 and say nothing
        raise ValueError("the last axes differ in length")
    products = np.multiply(u, v, dtype=float)  # (d,) or (n, d)
    return products.sum(axis=-1)  # () or (n,)
