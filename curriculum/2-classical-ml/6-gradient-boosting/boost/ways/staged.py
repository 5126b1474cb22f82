"""Yields the sum after each tree, as scikit-learn's `staged_predict` does: one pass shows every number of trees."""

from collections.abc import Iterator
from typing import Self

import numpy as np
from sklearn.tree import DecisionTreeRegressor


class Boost:
    def __init__(self, lr: float, n: int) -> None:
        self.lr = lr
        self.n = n

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        self.mean_, self.trees_ = y.mean(), []
        for _ in range(self.n):
            residual = y - self.predict(X)  # the negative gradient of half the squared error
            self.trees_.append(DecisionTreeRegressor(max_depth=1, random_state=0).fit(X, residual))
        return self

    def staged_predict(self, X: np.ndarray) -> Iterator[np.ndarray]:
        total = np.full(len(X), self.mean_)
        yield total
        for tree in self.trees_:
            total = total + self.lr * tree.predict(X)
            yield total

    def predict(self, X: np.ndarray) -> np.ndarray:
        *_, last = self.staged_predict(X)
        return last
