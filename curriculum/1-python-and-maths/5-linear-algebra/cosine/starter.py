import numpy as np


def cosine(u: np.ndarray, v: np.ndarray) -> float:
    """Return the cosine of the angle between u and v; 0.0 if either of them is the zero vector.

    u, v: shape (d,), finite numbers, of any magnitude.
    """
    raise NotImplementedError
