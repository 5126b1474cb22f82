"""Counts how often each row was drawn: the means are then one matrix product."""

import numpy as np


def gate(
    y: np.ndarray, new: np.ndarray, old: np.ndarray, margin: float, draws: int, rng: np.random.Generator
) -> dict[str, bool | float]:
    n = len(y)
    right_new, right_old = np.where(y == 1, new, 1 - new), np.where(y == 1, old, 1 - old)
    difference = np.log(right_old / right_new)
    drawn = rng.integers(n, size=(draws, n))
    counts = np.stack([np.bincount(rows, minlength=n) for rows in drawn])
    means = counts @ difference / n
    low, high = (float(np.quantile(means, share)) for share in (0.025, 0.975))
    return {"release": high < margin, "difference": float(np.mean(difference)), "low": low, "high": high}
