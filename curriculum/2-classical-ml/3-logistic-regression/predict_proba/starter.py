import numpy as np


def predict_proba(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the probability of each class for each example.

    X: shape (n, d). W: shape (K, d), coefficients. b: shape (K,), intercepts. Returns: shape (n, K), rows sum to 1.
    """
    raise NotImplementedError
