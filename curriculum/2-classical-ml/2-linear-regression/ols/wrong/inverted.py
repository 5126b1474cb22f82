"""The normal equations, by inverting.

expects: near_repetition
Forming `X.T @ X` squares the condition number; once two columns nearly agree, nothing of the inverse can be trusted.
"""

import numpy as np


def ols(X, y):
    Z = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.pinv(Z.T @ Z) @ (Z.T @ y)
    return solution[:-1], solution[-1]
