"""Sums and counts per fold and category in one table; what the other folds hold is the total minus the own fold."""

import numpy as np


def encode(category: np.ndarray, y: np.ndarray, folds: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    names, which = np.unique(category, return_inverse=True)
    numbers, fold = np.unique(folds, return_inverse=True)
    sums, counts = np.zeros((len(numbers), len(names))), np.zeros((len(numbers), len(names)))
    np.add.at(sums, (fold, which), y)
    np.add.at(counts, (fold, which), 1)
    rest_sums, rest_counts = sums.sum(axis=0) - sums, counts.sum(axis=0) - counts  # (k, K): all folds but this one
    overall = rest_sums.sum(axis=1, keepdims=True) / rest_counts.sum(axis=1, keepdims=True)
    table = np.where(rest_counts > 0.5, rest_sums / np.maximum(rest_counts, 1), overall)
    known = dict(zip(names.tolist(), (sums.sum(axis=0) / counts.sum(axis=0)).tolist(), strict=True))
    return table[fold, which], np.array([known.get(name, y.mean()) for name in other.tolist()])
