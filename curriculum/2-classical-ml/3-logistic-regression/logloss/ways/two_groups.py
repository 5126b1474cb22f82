"""Prices the positives and the negatives apart: nearest to the formula, and each half can be looked at."""

import numpy as np


def logloss(y: np.ndarray, z: np.ndarray) -> float:
    positives = np.logaddexp(0.0, -z[y == 1]).sum()
    negatives = np.logaddexp(0.0, z[y == 0]).sum()
    return float((positives + negatives) / len(y))
