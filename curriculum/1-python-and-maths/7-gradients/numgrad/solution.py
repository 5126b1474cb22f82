from collections.abc import Callable

import numpy as np

STEP = 1e-5  # the curve's error grows with its square, the rounding error with its inverse: they balance near here


def numgrad(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Return the gradient of f at x, measured by central differences.

    f: takes shape (d,), returns a float. x: shape (d,), ints or floats. Returns: shape (d,), float.
    """
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = STEP
        gradient[i] = (f(x + step) - f(x - step)) / (2 * STEP)
    return gradient
