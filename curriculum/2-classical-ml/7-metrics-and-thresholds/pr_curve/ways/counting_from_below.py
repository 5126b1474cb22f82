"""Counts per distinct score with `bincount`, then adds up from the top: ties are merged before anything is summed."""

import numpy as np


def pr_curve(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scores, group = np.unique(-s.astype(float), return_inverse=True)  # negated, so the highest comes first
    called = np.cumsum(np.bincount(group))
    found = np.cumsum(np.bincount(group, weights=y))
    if found[-1] == 0:
        raise ValueError("no positives")
    return found / called, found / found[-1], -scores
