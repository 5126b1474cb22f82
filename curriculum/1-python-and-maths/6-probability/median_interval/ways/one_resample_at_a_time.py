"""Holds one resample at a time: slower, but the memory it needs does not grow with the number of resamples."""

import numpy as np


def median_interval(x: np.ndarray, level: float, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    medians = [np.median(x[rng.integers(0, len(x), size=len(x))]) for _ in range(resamples)]
    low, high = np.percentile(medians, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
