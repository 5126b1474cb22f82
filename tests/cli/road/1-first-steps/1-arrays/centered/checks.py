"""centered(X): each column less its own mean."""

import numpy as np

from gradus.checks import cases, misconception


@cases
def tables(rng):
    yield np.array([[1.0, 10.0], [3.0, 10.0], [5.0, 40.0]])
    yield rng.normal(size=(int(rng.integers(3, 9)), 2))


@misconception
def one_mean(X):
    """You took one mean for the whole table.

    `X.mean()` is a single number; each column needs its own."""
    return X - X.mean()
