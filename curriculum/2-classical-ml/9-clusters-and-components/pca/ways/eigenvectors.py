"""Takes the eigenvectors of the covariance matrix, `(p, p)`: less work when there are many rows and few columns."""

import numpy as np


def pca(X: np.ndarray, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    centered = X - X.mean(axis=0)
    variances, vectors = np.linalg.eigh(centered.T @ centered)  # in rising order, vectors are columns
    variances, components = variances[::-1], vectors.T[::-1][:d]
    return components, centered @ components.T, np.maximum(variances, 0)[:d] / variances.sum()
