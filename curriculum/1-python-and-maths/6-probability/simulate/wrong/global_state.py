"""Draws from NumPy's hidden global generator.

expects: repeats_with_seed
The rng of the caller is never touched, so nobody can repeat a run.
"""

import numpy as np


def simulate(p, n, rng):
    return np.cumsum(np.random.rand(n) < p) / np.arange(1, n + 1)
