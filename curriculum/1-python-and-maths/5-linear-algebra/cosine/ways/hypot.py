"""Uses `math.hypot`, which takes any number of entries and scales them inside, so that no square ever overflows."""

import math

import numpy as np


def cosine(u: np.ndarray, v: np.ndarray) -> float:
    length_u, length_v = math.hypot(*u), math.hypot(*v)
    if length_u == 0 or length_v == 0:
        return 0.0
    return float((u / length_u) @ (v / length_v))
