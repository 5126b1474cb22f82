"""Counts how often each row was drawn: the same counts serve as sample weights, without copying a row."""

import numpy as np


def bootstrap(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    rows = rng.choice(n, size=n)
    count = np.bincount(rows, minlength=n)
    return rows, np.flatnonzero(count == 0)
