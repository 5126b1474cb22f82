"""Divides in place and only where the deviation is not zero: no second array, no made-up divisor."""

import numpy as np


def standardize(X: np.ndarray) -> np.ndarray:
    centered = X - X.mean(axis=0)  # (n, d), a new array
    deviation = X.std(axis=0)  # (d,)
    np.divide(centered, deviation, out=centered, where=deviation != 0)
    return centered
