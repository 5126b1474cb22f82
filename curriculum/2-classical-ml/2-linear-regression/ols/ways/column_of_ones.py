"""Treats the intercept as one more coefficient, that of a column of ones: nothing to work out on paper."""

import numpy as np


def ols(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    ones = np.ones((len(X), 1))
    solution = np.linalg.lstsq(np.hstack([X, ones]), y, rcond=None)[0]  # (d + 1,)
    return solution[:-1], solution[-1]
