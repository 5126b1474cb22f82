"""Far from the origin the distances are noise, some of them negative.

expects: far_from_origin
The expansion |a|² - 2a·b + |b|² subtracts numbers around 1e12 to find one around 1.
"""

import numpy as np


def pairwise_sqdist(A, B):
    return (A**2).sum(axis=1)[:, np.newaxis] - 2 * A @ B.T + (B**2).sum(axis=1)
