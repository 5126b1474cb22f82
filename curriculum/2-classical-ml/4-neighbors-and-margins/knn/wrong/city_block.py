"""Adds absolute differences.

expects: rotation
That is the city-block distance, which changes when the points are turned.
"""

import numpy as np


def knn(X_train, y_train, X, k):
    answers = []
    for row in X:
        order = np.abs(X_train - row).sum(axis=1).argsort()
        labels, counts = np.unique(y_train[order[:k]], return_counts=True)
        answers.append(labels[counts.argmax()])
    return np.array(answers)
