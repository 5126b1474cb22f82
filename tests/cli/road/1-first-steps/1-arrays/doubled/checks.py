"""doubled(x): every entry times two."""

import numpy as np

from gradus.checks import cases, misconception


@cases
def vectors(rng):
    yield np.array([1.0, 2.0])
    yield rng.normal(size=5)


@misconception
def squared(x):
    """Your entries are squared, not doubled.

    `x ** 2` multiplies each entry by itself. For 2 both are 4, which is why one example can mislead."""
    return x**2
