"""A table is answered with a list.

expects: wrong_type
Collecting the rows' answers in a Python list gives the right numbers, but not the array that was asked for.
"""

import numpy as np


def dot(u, v):
    if u.shape[-1] != v.shape[-1]:
        raise ValueError("lengths differ")
    u, v = np.broadcast_arrays(u.astype(float), v.astype(float))
    if u.ndim == 1:
        return float(sum(a * b for a, b in zip(u, v, strict=True)))
    return [float(sum(a * b for a, b in zip(p, q, strict=True))) for p, q in zip(u, v, strict=True)]
