"""Gives each cluster of b the name of the cluster of a that it shares most rows with, and counts equal names.

expects: wrong_value
That is purity: it is 1 as soon as b is fine enough, and it is not symmetric.
"""

import numpy as np


def rand_index(a, b):
    right = 0
    for name in np.unique(b):
        right += np.unique(a[b == name], return_counts=True)[1].max()
    return float(right / len(a))
