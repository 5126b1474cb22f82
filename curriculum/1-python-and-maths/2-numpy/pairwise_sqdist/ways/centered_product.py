"""Expands |a - b|² into |a|² - 2a·b + |b|²: no (n, m, d) array, and centering first keeps the digits."""

import numpy as np


def pairwise_sqdist(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    center = B.mean(axis=0)  # distances do not change when all points move
    A, B = A - center, B - center
    squared = (A**2).sum(axis=1)[:, np.newaxis] - 2 * A @ B.T + (B**2).sum(axis=1)  # (n, 1) + (n, m) + (m,)
    return np.maximum(squared, 0.0)  # rounding may leave -1e-16
