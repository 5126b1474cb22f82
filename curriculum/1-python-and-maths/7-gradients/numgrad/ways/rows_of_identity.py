"""The rows of `h` times the identity *are* the steps, so the loop runs over them and no index is needed."""

from collections.abc import Callable

import numpy as np


def numgrad(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    h = 1e-5
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))])
