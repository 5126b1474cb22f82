"""For ints in, ints come out, and every fraction is cut off.

expects: integer_result
`X.copy()` has the dtype of `X`; writing 0.7 into an int array stores 0 and says nothing.
"""

import numpy as np


def standardize(X):
    Z = X.copy()
    for j in range(X.shape[1]):
        deviation = X[:, j].std()
        Z[:, j] = (X[:, j] - X[:, j].mean()) / (deviation if deviation > 0 else 1.0)
    return Z
