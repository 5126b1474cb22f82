"""The labels are brought into the order of one row's distances, for all later rows.

expects: input_changed
Sorting `y_train` in place is remembered: the labels no longer belong to their rows.
"""

import numpy as np


def knn(X_train, y_train, X, k):
    answers = []
    for row in X:
        order = np.argsort(np.linalg.norm(X_train - row, axis=1))
        X_train[:] = X_train[order]
        y_train[:] = y_train[order]
        labels, counts = np.unique(y_train[:k], return_counts=True)
        answers.append(labels[counts.argmax()])
    return np.array(answers)
