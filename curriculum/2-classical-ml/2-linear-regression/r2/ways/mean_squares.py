"""Says it in the words people use: the mean squared error over the variance."""

import numpy as np


def r2(y: np.ndarray, p: np.ndarray) -> float:
    mse = np.mean((y - p) ** 2)
    if np.ptp(y) == 0:
        return 1.0 if mse == 0 else 0.0
    return float(1 - mse / np.var(y))
