"""The function makes a generator of its own, with a fixed seed.

expects: listens_to_generator
Each run on its own looks right, and all runs are the same run.
"""

import numpy as np


def simulate(p, n, rng):
    rng = np.random.default_rng(42)
    return np.cumsum(rng.random(n) < p) / np.arange(1, n + 1)
