"""Resamples of rows, or of whole groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradus.milestones.stage2_data import Array


def resamples(n: int, units: Array | None, many: int, rng: np.random.Generator) -> Iterator[Array]:
    """Positions of ``many`` resamples, drawn with replacement: rows, or all rows of drawn units."""
    if units is None:
        for _ in range(many):
            yield rng.integers(n, size=n)
        return
    _, inverse = np.unique(units, return_inverse=True)
    members = [np.flatnonzero(inverse == k) for k in range(inverse.max() + 1)]
    for _ in range(many):
        yield np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
