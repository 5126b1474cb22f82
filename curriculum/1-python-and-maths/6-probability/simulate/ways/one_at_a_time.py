"""Keeps only a count while the trials come in one by one, as it would with a stream that never ends."""

import numpy as np


def simulate(p: float, n: int, rng: np.random.Generator) -> np.ndarray:
    share, successes = np.empty(n), 0
    for k in range(n):
        successes += rng.random() < p
        share[k] = successes / (k + 1)
    return share
