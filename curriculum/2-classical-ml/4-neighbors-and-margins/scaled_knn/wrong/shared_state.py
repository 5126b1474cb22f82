"""What was learned is kept in the class, so that all objects share it.

expects: objects_are_separate
The last `fit` of any object decides for all of them.
"""

import numpy as np


class ScaledKNN:
    memory = {}  # noqa: RUF012

    def __init__(self, k=5):
        self.k = k

    def fit(self, X, y):
        deviation = X.std(axis=0)
        self.memory.update(X=X, y=y, mean=X.mean(axis=0), scale=np.where(deviation > 0, deviation, 1.0))
        return self

    def predict(self, X):
        mean, scale = self.memory["mean"], self.memory["scale"]
        rows, answers = (self.memory["X"] - mean) / scale, []
        for row in (X - mean) / scale:
            order = ((rows - row) ** 2).sum(axis=1).argsort()
            labels, counts = np.unique(self.memory["y"][order[: self.k]], return_counts=True)
            answers.append(labels[counts.argmax()])
        return np.array(answers)
