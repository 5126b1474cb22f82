"""Reads the slope off the covariance matrix: how x and y vary together, over how x varies by itself."""

import numpy as np


def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    covariance = np.cov(x, y)  # both entries below have the same divisor, which cancels
    slope = covariance[0, 1] / covariance[0, 0]
    return float(slope), float(y.mean() - slope * x.mean())
