"""Fits the columns as they are and converts the coefficients: the model that is explained is the one in use."""

import numpy as np


def effects(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    deviation = X.std(axis=0)
    w = np.zeros(X.shape[1])
    moving = np.ptp(X, axis=0) > 0
    columns = X[:, moving] - X[:, moving].mean(axis=0)
    w[moving] = np.linalg.lstsq(columns, y, rcond=None)[0]
    return w * deviation
