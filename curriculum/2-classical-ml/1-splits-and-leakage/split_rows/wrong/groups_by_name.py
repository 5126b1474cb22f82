"""Groups are held out in the order of their names, so the last ones are never tested.

expects: any_group
`np.unique` sorts. Going through it as it is holds out the same groups each time.
"""

import numpy as np


def split_rows(y, test_size, rng, groups=None, time=None):
    held_out = np.zeros(len(y), dtype=bool)
    if time is not None:
        held_out = time >= np.sort(time)[-round(test_size * len(y))]
    elif groups is not None:
        for group in np.unique(groups):
            if held_out.sum() < test_size * len(y):
                held_out |= groups == group
    else:
        for label in np.unique(y):
            members = np.flatnonzero(y == label)
            held_out[rng.choice(members, size=round(test_size * len(members)), replace=False)] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
