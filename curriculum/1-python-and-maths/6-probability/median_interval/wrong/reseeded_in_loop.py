"""All resamples are the same resample.

expects: resamples_differ
A generator made inside the loop starts from the same seed each time.
"""

import numpy as np


def median_interval(x, level, resamples, rng):
    medians = []
    for _ in range(resamples):
        rng = np.random.default_rng(0)
        medians.append(np.median(rng.choice(x, size=len(x))))
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
