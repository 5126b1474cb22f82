from collections.abc import Callable

import numpy as np


def cv(make: Callable, X: np.ndarray, y: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Return the mean squared error of each fold, in increasing order of fold numbers.

    make: returns a new model's functions fit(X, y) and predict(X). X: (n, d). y, folds: (n,).
    Returns: floats, one for each distinct fold number.
    """
    errors = []
    for fold in np.unique(folds):
        held_out = folds == fold
        fit, predict = make()
        fit(X[~held_out], y[~held_out])
        errors.append(np.mean((predict(X[held_out]) - y[held_out]) ** 2))
    return np.array(errors)
