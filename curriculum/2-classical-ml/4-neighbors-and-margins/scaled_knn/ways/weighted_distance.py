"""Leaves the rows alone and weighs the squared differences instead: the same distances, and no need of the mean."""

import numpy as np


class ScaledKNN:
    def __init__(self, k: int = 5) -> None:
        self.k = k

    def fit(self, X: np.ndarray, y: np.ndarray) -> "ScaledKNN":
        variance = X.var(axis=0)
        self.weight_ = 1 / np.where(variance > 0, variance, 1.0)  # (d,)
        self.X_, self.y_ = X, y
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.array([self._vote(row) for row in X])

    def _vote(self, row: np.ndarray) -> int:
        sqdist = ((self.X_ - row) ** 2) @ self.weight_  # (n,)
        labels, counts = np.unique(self.y_[np.argsort(sqdist)[: self.k]], return_counts=True)
        return labels[counts.argmax()]
