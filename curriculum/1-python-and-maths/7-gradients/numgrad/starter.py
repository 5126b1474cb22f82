from collections.abc import Callable

import numpy as np


def numgrad(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Return the gradient of f at x, measured by central differences.

    f: takes shape (d,), returns a float. x: shape (d,), ints or floats. Returns: shape (d,), float.
    """
    raise NotImplementedError
