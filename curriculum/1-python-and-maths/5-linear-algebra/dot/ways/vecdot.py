"""NumPy 2 has a name for it: `vecdot`, the dot product along the last axis of whole stacks of vectors."""

import numpy as np


def dot(u: np.ndarray, v: np.ndarray) -> np.ndarray | float:
    if u.shape[-1] != v.shape[-1]:
        raise ValueError(f"{u.shape[-1]} entries against {v.shape[-1]}")
    return np.vecdot(u.astype(float), v.astype(float))
