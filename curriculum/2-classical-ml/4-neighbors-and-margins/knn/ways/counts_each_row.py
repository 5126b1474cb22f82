"""One row at a time, with `np.unique` as the ballot box: slower, and it reads like the task."""

import numpy as np


def knn(X_train: np.ndarray, y_train: np.ndarray, X: np.ndarray, k: int) -> np.ndarray:
    answers = []
    for row in X:
        distances = np.linalg.norm(X_train - row, axis=1)  # (n,)
        labels, counts = np.unique(y_train[np.argsort(distances)[:k]], return_counts=True)
        answers.append(labels[counts.argmax()])
    return np.array(answers)
