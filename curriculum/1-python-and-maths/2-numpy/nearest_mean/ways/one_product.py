"""Leaves out |x|², which is the same for every class: what remains is one matrix product, as in a linear model."""

import numpy as np


def nearest_mean(train_X: np.ndarray, train_y: np.ndarray, X: np.ndarray) -> np.ndarray:
    classes, member = np.unique(train_y, return_inverse=True)
    one_hot = np.eye(len(classes))[member]  # (n, K)
    means = one_hot.T @ train_X / one_hot.sum(axis=0)[:, np.newaxis]  # (K, n) @ (n, d) -> (K, d)
    score = 2 * X @ means.T - (means**2).sum(axis=1)  # (m, K): |x|² - |x - mean|²
    return classes[score.argmax(axis=1)]
