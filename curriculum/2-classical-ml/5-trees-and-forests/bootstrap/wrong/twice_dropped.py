"""Drops the rows that came twice.

expects: as_many_as_rows
What is left is a smaller sample without replacement.
"""

import numpy as np


def bootstrap(n, rng):
    rows = np.unique(rng.integers(n, size=n))
    return rows, np.setdiff1d(np.arange(n), rows)
