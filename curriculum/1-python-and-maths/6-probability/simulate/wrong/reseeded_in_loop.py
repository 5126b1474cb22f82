"""Every trial starts the same generator anew.

expects: fresh_draws
With the generator made inside the loop, each trial draws the same first number.
"""

import numpy as np


def simulate(p, n, rng):
    successes = []
    for _ in range(n):
        rng = np.random.default_rng(0)
        successes.append(rng.random() < p)
    return np.cumsum(successes) / np.arange(1, n + 1)
