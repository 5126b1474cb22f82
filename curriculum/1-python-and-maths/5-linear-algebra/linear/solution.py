import numpy as np


def linear(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the layer's output for each row of X.

    X: shape (n, d). W: shape (d, k). b: shape (k,). Returns: shape (n, k).
    """
    return X @ W + b


def compose(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and biases of the one layer that equals layer 1 followed by layer 2.

    W1: shape (d, h). b1: shape (h,). W2: shape (h, k). b2: shape (k,). Returns: shapes (d, k) and (k,).
    """
    # (X @ W1 + b1) @ W2 + b2 = X @ (W1 @ W2) + (b1 @ W2 + b2)
    return W1 @ W2, b1 @ W2 + b2
