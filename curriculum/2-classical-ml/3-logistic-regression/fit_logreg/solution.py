import numpy as np


def fit_logreg(X: np.ndarray, y: np.ndarray, l2: float) -> tuple[np.ndarray, float]:
    """Return (w, b) that minimize the summed log-loss plus l2 / 2 times the squares of w.

    X: shape (n, d), columns of size about 1. y: shape (n,), zeros and ones. l2: above 0. Returns: w (d,), and b.
    """
    Z = np.column_stack([X, np.ones(len(X))])  # (n, d + 1)
    penalty = np.append(np.full(X.shape[1], l2), 0.0)  # (d + 1,), none on the intercept
    theta = np.zeros(len(penalty))
    for _ in range(10):  # Newton's method doubles the right digits at every step
        p = 0.5 * (1 + np.tanh(0.5 * (Z @ theta)))  # (n,), the sigmoid, without an exponential that overflows
        gradient = Z.T @ (p - y) + penalty * theta
        curvature = Z.T @ (Z * (p * (1 - p))[:, None]) + np.diag(penalty)
        theta = theta - np.linalg.solve(curvature, gradient)
    return theta[:-1], theta[-1]
