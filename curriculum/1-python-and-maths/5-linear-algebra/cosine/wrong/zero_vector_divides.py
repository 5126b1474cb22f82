"""The formula as it stands: a zero vector has no place in it.

expects: zero_vector
With a length of 0 it divides 0 by 0.
"""

import numpy as np


def cosine(u, v):
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))
