"""Draws without replacement.

expects: with_replacement
A permutation holds every row once: all trees are the same tree, and nothing is out of bag.
"""

import numpy as np


def bootstrap(n, rng):
    rows = rng.permutation(n)
    return rows, np.setdiff1d(np.arange(n), rows)
