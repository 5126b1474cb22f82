"""A trial is a binomial draw with n = 1: the generator knows the distribution, so nothing has to be compared."""

import numpy as np


def simulate(p: float, n: int, rng: np.random.Generator) -> np.ndarray:
    return np.add.accumulate(rng.binomial(1, p, size=n)) / np.arange(1, n + 1)
