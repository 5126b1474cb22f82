"""A tiny number in the divisor keeps nan away, and the rows no longer sum to 1.

expects: far_apart
Shifted by the largest score of the table, a whole row underflows to zeros; dividing by 1e-12 leaves it so.
"""

import numpy as np


def predict_proba(X, W, b):
    Z = X @ W.T + b
    E = np.exp(Z - Z.max())
    return E / np.maximum(E.sum(axis=1, keepdims=True), 1e-12)
