"""A loop over the bins that reads like the formula, and draws all labels of all sets in one table."""

import numpy as np


def ece(y: np.ndarray, p: np.ndarray, bins: int) -> float:
    which = np.clip(np.floor(p * bins), 0, bins - 1)
    total = 0.0
    for k in range(bins):
        inside = which == k
        if inside.any():
            total += inside.mean() * abs(y[inside].mean() - p[inside].mean())
    return float(total)


def ece_null(p: np.ndarray, bins: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    labels = rng.binomial(1, p, size=(draws, len(p)))
    return np.array([ece(row, p, bins) for row in labels])
