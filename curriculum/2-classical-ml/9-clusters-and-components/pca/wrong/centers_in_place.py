"""Centers the caller's table.

expects: input_changed
`-=` works in the array that is there.
"""

import numpy as np


def pca(X, d):
    X -= X.mean(axis=0)
    singular, directions = np.linalg.svd(X, full_matrices=False)[1:]
    return directions[:d], X @ directions[:d].T, (singular**2 / (singular**2).sum())[:d]
