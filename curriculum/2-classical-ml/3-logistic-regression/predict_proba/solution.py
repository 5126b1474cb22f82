import numpy as np


def predict_proba(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the probability of each class for each example.

    X: shape (n, d). W: shape (K, d), coefficients. b: shape (K,), intercepts. Returns: shape (n, K), rows sum to 1.
    """
    Z = X @ W.T + b  # (n, K)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))  # the largest of each row becomes e⁰ = 1, so no sum is 0 or infinite
    return E / E.sum(axis=1, keepdims=True)
