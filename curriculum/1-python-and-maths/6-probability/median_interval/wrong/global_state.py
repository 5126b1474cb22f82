"""Draws from NumPy's hidden global generator.

expects: generator_decides
The interval is right, and nobody can repeat it.
"""

import numpy as np


def median_interval(x, level, resamples, rng):
    medians = np.median(np.random.choice(x, size=(resamples, len(x))), axis=1)
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
