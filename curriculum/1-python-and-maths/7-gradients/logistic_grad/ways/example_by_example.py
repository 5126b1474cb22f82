"""Says in a loop what happens to each example: its row of X, weighted by how wrong the model is about it."""

import math

import numpy as np


def sigmoid(z: float) -> float:
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))  # the same, with an exponent that is never positive


def logistic_grad(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    total = np.zeros(len(w))
    for row, outcome in zip(X, y, strict=True):
        total += (sigmoid(row @ w) - outcome) * row
    return total / len(X)
