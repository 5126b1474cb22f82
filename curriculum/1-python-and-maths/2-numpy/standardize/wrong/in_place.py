"""The caller's array is overwritten.

expects: input_changed
`-=` and `/=` work in the array that is there, and `np.asarray` does not copy what is a float array already.
"""

import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=float)
    deviation = X.std(axis=0)
    X -= X.mean(axis=0)
    X /= np.where(deviation == 0, 1.0, deviation)
    return X
