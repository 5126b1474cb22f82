import numpy as np


def direction(v: np.ndarray) -> np.ndarray:
    """Return v, shape (d,), at length 1; the zero vector stays zero."""
    largest = np.abs(v).max()
    if largest == 0:
        return v
    v = v / largest  # entries within [-1, 1]: their squares can neither overflow nor all vanish
    return v / np.linalg.norm(v)


def cosine(u: np.ndarray, v: np.ndarray) -> float:
    """Return the cosine of the angle between u and v; 0.0 if either of them is the zero vector.

    u, v: shape (d,), finite numbers, of any magnitude.
    """
    return float(direction(u) @ direction(v))
