"""Every resample is the sample in another order.

expects: with_replacement
Drawing as many as there are, without replacement, leaves none out and takes none twice.
"""

import numpy as np


def median_interval(x, level, resamples, rng):
    medians = [np.median(rng.permutation(x)) for _ in range(resamples)]
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
