"""Makes a generator of its own.

expects: generator_decides
With the same seed for every tree, all trees see the same rows.
"""

import numpy as np


def bootstrap(n, rng):
    rows = np.random.default_rng(0).integers(n, size=n)
    return rows, np.setdiff1d(np.arange(n), rows)
