"""Lays the groups out in random order and finds the cut by a cumulative sum: no loop over groups."""

import numpy as np


def split_rows(
    y: np.ndarray,
    test_size: float,
    rng: np.random.Generator,
    groups: np.ndarray | None = None,
    time: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    n = len(y)
    if time is not None:
        chosen = time >= np.partition(time, n - round(test_size * n))[n - round(test_size * n)]
    elif groups is not None:
        names, sizes = np.unique(groups, return_counts=True)
        order = rng.permutation(len(names))
        before = np.cumsum(sizes[order]) - sizes[order]  # rows held out before each group
        chosen = np.isin(groups, names[order[before < test_size * n]])
    else:
        shuffled = rng.permutation(n)
        chosen = np.zeros(n, dtype=bool)
        for label in np.unique(y):
            members = shuffled[y[shuffled] == label]
            chosen[members[: round(test_size * len(members))]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)
