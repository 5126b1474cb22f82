"""Forgets to return the object.

expects: fit_returns_self
The chain `Boost(…).fit(X, y).predict(X)` then fails at None.
"""

import numpy as np
from sklearn.tree import DecisionTreeRegressor


class Boost:
    def __init__(self, lr, n):
        self.lr = lr
        self.n = n

    def fit(self, X, y):
        self.mean = y.mean()
        self.trees = []
        residual = y - self.mean
        for _ in range(self.n):
            tree = DecisionTreeRegressor(max_depth=1, random_state=0).fit(X, residual)
            residual = residual - self.lr * tree.predict(X)
            self.trees.append(tree)

    def predict(self, X):
        return self.mean + self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))
