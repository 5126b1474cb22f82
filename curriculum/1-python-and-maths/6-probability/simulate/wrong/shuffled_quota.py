"""Exactly the right number of successes, in random order.

expects: spread_of_independent_trials
Placing n * p successes by lot makes the total certain; independent trials do not know what the others did.
"""

import numpy as np


def simulate(p, n, rng):
    successes = np.arange(n) < round(p * n)
    return np.cumsum(rng.permutation(successes)) / np.arange(1, n + 1)
