"""Tries each threshold in turn: slower for long lists, and exactly what the definition says."""

import numpy as np


def pr_curve(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if y.sum() == 0:
        raise ValueError("no positives")
    thresholds = np.unique(s)[::-1].astype(float)
    called = s >= thresholds[:, None]  # (m, n)
    found = (called & (y == 1)).sum(axis=1)
    return found / called.sum(axis=1), found / (y == 1).sum(), thresholds
