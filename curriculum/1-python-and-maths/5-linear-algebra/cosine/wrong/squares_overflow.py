"""Right for everyday numbers, lost for very large and very small ones.

expects: scale_invariant
The textbook formula squares the entries, and squares of large numbers overflow.
"""

import numpy as np


def cosine(u, v):
    length = np.linalg.norm(u) * np.linalg.norm(v)
    return 0.0 if length == 0 else float(u @ v / length)
