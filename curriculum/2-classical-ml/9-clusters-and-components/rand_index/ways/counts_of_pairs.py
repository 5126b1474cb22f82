"""Counts pairs from the table of who is where: no `(n, n)` array, so that a million rows are no trouble."""

import numpy as np


def rand_index(a: np.ndarray, b: np.ndarray) -> float:
    _, i = np.unique(a, return_inverse=True)
    _, j = np.unique(b, return_inverse=True)
    counts = np.zeros((i.max() + 1, j.max() + 1))
    np.add.at(counts, (i, j), 1)  # rows in cluster i of a and j of b

    def pairs(n: np.ndarray) -> float:
        return float((n * (n - 1) / 2).sum())

    both, in_a, in_b = pairs(counts), pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    everything = len(a) * (len(a) - 1) / 2
    return (everything + 2 * both - in_a - in_b) / everything
