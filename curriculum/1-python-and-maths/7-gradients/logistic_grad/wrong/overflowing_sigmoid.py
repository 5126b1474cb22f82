"""The sigmoid in the form that overflows.

expects: large_scores
For large scores exp(z) / (1 + exp(z)) is infinity over infinity.
"""

import numpy as np


def logistic_grad(w, X, y):
    p = np.exp(X @ w) / (1 + np.exp(X @ w))
    return X.T @ (p - y) / len(y)
