"""An array comes back, not a number.

expects: wrong_type
A mean over one axis of a column leaves an array with one entry.
"""

import numpy as np


def residual_mse(y, p):
    y, p = y.reshape(-1, 1).astype(float), p.reshape(-1, 1).astype(float)
    if y.shape != p.shape:
        raise ValueError("lengths differ")
    return ((y - p) ** 2).mean(axis=0)
