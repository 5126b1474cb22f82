"""Keeps probabilities away from 0 and 1, as libraries do.

expects: certain_and_wrong
A forecast that was certain and wrong costs 34 and a half, which is nothing but the logarithm of the constant.
"""

import numpy as np


def loglik(p, y):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.log(np.where(y == 1, p, 1 - p)).sum()
