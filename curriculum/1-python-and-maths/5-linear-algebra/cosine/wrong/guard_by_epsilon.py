"""A small number added to the lengths keeps zero vectors quiet and spoils small ones.

expects: scale_invariant
An epsilon in the divisor is only harmless next to lengths that are much larger than it.
"""

import numpy as np


def cosine(u, v):
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v) + 1e-12))
