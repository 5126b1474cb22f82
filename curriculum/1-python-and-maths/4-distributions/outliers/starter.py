import numpy as np


def outliers(x: np.ndarray, cut: float = 3.5) -> np.ndarray:
    """Mark the values that lie more than `cut` robust deviations from the median.

    x: shape (n,), floats, nan where missing. Returns: shape (n,), bool; False where x is missing.
    """
    raise NotImplementedError
