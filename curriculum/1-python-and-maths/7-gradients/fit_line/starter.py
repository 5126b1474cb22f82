import numpy as np


def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return (slope, intercept) of the line with the smallest mean squared residual.

    x, y: shape (n,), ints or floats; x holds at least two different values.
    """
    raise NotImplementedError
