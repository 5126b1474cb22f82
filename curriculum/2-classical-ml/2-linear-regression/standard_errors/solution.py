import numpy as np


def standard_errors(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the standard errors of the slopes of least squares with an intercept.

    X: shape (n, d), n > d + 1, independent columns. y: shape (n,). Returns: shape (d,), float.
    """
    n, d = X.shape
    Z = np.column_stack([np.ones(n), X])  # (n, d + 1)
    Q, R = np.linalg.qr(Z)
    residual = y - Q @ (Q.T @ y)  # (n,), what no combination of the columns reaches
    variance = residual @ residual / (n - d - 1)
    Rinv = np.linalg.inv(R)  # and (ZᵀZ)⁻¹ = R⁻¹R⁻ᵀ, without squaring the condition number
    return np.sqrt(variance * (Rinv**2).sum(axis=1))[1:]
