"""The same rows are drawn whatever generator is passed.

expects: repeatable
A generator made inside the function with a fixed seed looks careful, and makes the argument `rng` useless.
"""

import numpy as np


def split_rows(y, test_size, rng, groups=None, time=None):
    rng = np.random.default_rng(42)
    held_out = np.zeros(len(y), dtype=bool)
    if time is not None:
        held_out = time >= np.sort(time)[-round(test_size * len(y))]
    elif groups is not None:
        for group in rng.permutation(np.unique(groups)):
            if held_out.sum() < test_size * len(y):
                held_out |= groups == group
    else:
        for label in np.unique(y):
            members = np.flatnonzero(y == label)
            held_out[rng.choice(members, size=round(test_size * len(members)), replace=False)] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
