from typing import Self

import numpy as np
from sklearn.tree import DecisionTreeRegressor


class Boost:
    """Gradient boosting with stumps, for squared error."""

    def __init__(self, lr: float, n: int) -> None:
        self.lr = lr
        self.n = n

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """X: shape (m, d). y: shape (m,). Returns the object itself."""
        self.mean_ = y.mean()
        self.trees_ = []
        residual = y - self.mean_
        for _ in range(self.n):
            tree = DecisionTreeRegressor(max_depth=1, random_state=0).fit(X, residual)
            residual = residual - self.lr * tree.predict(X)
            self.trees_.append(tree)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """X: shape (k, d). Returns: shape (k,), float."""
        total = np.full(len(X), self.mean_)
        for tree in self.trees_:
            total += self.lr * tree.predict(X)
        return total
