"""The caller's array is overwritten.

expects: input_changed
`X -= …` works in the caller's own array, so their data is gone after the call.
"""

import numpy as np


def standardize(X):
    if X.dtype.kind in "iu":
        X = X.astype(float)
    deviation = X.std(axis=0)
    X -= X.mean(axis=0)
    X /= np.where(deviation == 0, 1.0, deviation)
    return X
