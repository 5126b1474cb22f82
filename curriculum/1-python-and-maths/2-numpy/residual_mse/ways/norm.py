"""The squared differences added up are a dot product of the residual with itself: no array of squares is made."""

import numpy as np


def residual_mse(y: np.ndarray, p: np.ndarray) -> float:
    if y.size != p.size:
        raise ValueError(f"{y.size} labels but {p.size} predictions")
    residual = np.subtract(y.reshape(-1), p.reshape(-1), dtype=float)  # (n,)
    return float(residual @ residual) / residual.size
