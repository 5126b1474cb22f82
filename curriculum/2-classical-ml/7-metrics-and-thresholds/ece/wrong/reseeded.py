"""Ignores the generator and starts its own one for every set.

expects: same_draws
Every set then holds the same labels, and the null has no spread at all.
"""

import numpy as np


def ece(y, p, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    return float(np.abs(np.bincount(which, weights=y - p)).sum() / len(p))


def ece_null(p, bins, draws, rng):
    return np.array([ece(np.random.default_rng(0).random(len(p)) < p, p, bins) for _ in range(draws)])
