"""Puts 1 where the deviation is 0, as scikit-learn's `StandardScaler` does: a constant column then stays at 0."""

import numpy as np


def standardize(X: np.ndarray) -> np.ndarray:
    deviation = X.std(axis=0)  # (d,)
    divisor = np.where(deviation == 0, 1.0, deviation)
    return (X - X.mean(axis=0)) / divisor  # (n, d)
