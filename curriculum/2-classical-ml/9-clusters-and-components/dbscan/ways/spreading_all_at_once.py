"""Lets all core rows take the smallest number in their neighborhood until nothing changes: no list of visits."""

import numpy as np


def core_rows(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    return (np.linalg.norm(X[:, None] - X, axis=2) <= eps).sum(axis=1) >= m


def dbscan(X: np.ndarray, eps: float, m: int) -> np.ndarray:
    near = np.linalg.norm(X[:, None] - X, axis=2) <= eps
    core = near.sum(axis=1) >= m
    n = len(X)
    number = np.where(core, np.arange(n), n)  # n: no core row
    while True:
        smallest = np.where(near & core, number, n).min(axis=1)  # the smallest number among core neighbors
        new = np.where(core, smallest, n)
        if (new == number).all():
            break
        number = new
    names = np.unique(number[core])
    return np.where(smallest < n, np.searchsorted(names, smallest), -1)
