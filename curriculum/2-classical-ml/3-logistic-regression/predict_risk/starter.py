import numpy as np


def predict_risk(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, l2: float) -> np.ndarray:
    """Return the probability of label 1 for each new sample, from a logistic model of the old ones.

    X: shape (n, d), raw units. y: shape (n,), zeros and ones. X_new: shape (m, d). l2: above 0. Returns: shape (m,).
    """
    raise NotImplementedError
