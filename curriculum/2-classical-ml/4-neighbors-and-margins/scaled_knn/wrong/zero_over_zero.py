"""Divides by a deviation of 0.

expects: constant_column
A column that never changes becomes nan, and with it every distance.
"""

import numpy as np


class ScaledKNN:
    def __init__(self, k=5):
        self.k = k

    def fit(self, X, y):
        self.X, self.y, self.mean_, self.scale_ = X, y, X.mean(axis=0), X.std(axis=0)
        return self

    def predict(self, X):
        answers = []
        with np.errstate(all="ignore"):
            rows = (self.X - self.mean_) / self.scale_
            for row in (X - self.mean_) / self.scale_:
                order = ((rows - row) ** 2).sum(axis=1).argsort()
                labels, counts = np.unique(self.y[order[: self.k]], return_counts=True)
                answers.append(labels[counts.argmax()])
        return np.array(answers)
