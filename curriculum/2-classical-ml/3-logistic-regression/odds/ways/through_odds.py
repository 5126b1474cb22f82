"""Spells out every step, odds and back, and leaves out what is certain, where odds would be infinite."""

import numpy as np


def odds_ratio(w: np.ndarray, step: np.ndarray) -> np.ndarray:
    return np.exp(w) ** step


def shifted(p: np.ndarray, ratio: float) -> np.ndarray:
    result = p.astype(float)
    open_ = p < 1
    odds = ratio * p[open_] / (1 - p[open_])
    result[open_] = odds / (1 + odds)
    return result
