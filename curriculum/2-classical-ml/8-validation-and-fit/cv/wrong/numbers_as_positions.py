"""The fold numbers are taken for 0, 1, 2, ….

expects: not_finite
With folds 3 and 7 nothing is in fold 0, and the mean of no rows is not a number.
"""

import numpy as np


def cv(make, X, y, folds):
    errors = []
    for fold in range(len(np.unique(folds))):
        held_out = folds == fold
        fit, predict = make()
        fit(X[~held_out], y[~held_out])
        errors.append(np.mean((predict(X[held_out]) - y[held_out]) ** 2))
    return np.array(errors)
