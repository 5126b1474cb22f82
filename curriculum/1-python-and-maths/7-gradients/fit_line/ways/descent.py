"""Descends the loss on standardized x: there the bowl is round, and each step takes the same share of the way."""

import numpy as np


def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    z = (x - x.mean()) / x.std()
    slope, intercept = 0.0, 0.0
    for _ in range(100):
        residual = y - slope * z - intercept
        slope, intercept = slope + 0.5 * (residual @ z) / len(z), intercept + 0.5 * residual.mean()
    slope /= x.std()
    return float(slope), float(intercept - slope * x.mean())
