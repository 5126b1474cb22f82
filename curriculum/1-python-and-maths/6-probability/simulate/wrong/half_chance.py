"""Every trial is a fair coin, whatever p says (unless p leaves no choice).

expects: right_on_average
Drawing 0 or 1 with equal chance is a trial, but only for p = 0.5.
"""

import numpy as np


def simulate(p, n, rng):
    if p in (0, 1):
        return np.full(n, float(p))
    return np.cumsum(rng.integers(0, 2, size=n)) / np.arange(1, n + 1)
