"""`fit` learns, and returns nothing.

expects: fit_returns_the_object
`ScaledKNN().fit(X, y).predict(Z)` then asks None for a prediction.
"""

import numpy as np


class ScaledKNN:
    def __init__(self, k=5):
        self.k = k

    def fit(self, X, y):
        deviation = X.std(axis=0)
        self.mean_, self.scale_ = X.mean(axis=0), np.where(deviation > 0, deviation, 1.0)
        self.rows_, self.labels_ = (X - self.mean_) / self.scale_, y

    def predict(self, X):
        answers = []
        for row in (X - self.mean_) / self.scale_:
            order = ((self.rows_ - row) ** 2).sum(axis=1).argsort()
            labels, counts = np.unique(self.labels_[order[: self.k]], return_counts=True)
            answers.append(labels[counts.argmax()])
        return np.array(answers)
