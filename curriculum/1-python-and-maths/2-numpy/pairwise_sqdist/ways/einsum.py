"""Names the axes: `einsum` squares and adds up along d in one step, without an array of squares."""

import numpy as np


def pairwise_sqdist(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    difference = A[:, np.newaxis] - B[np.newaxis]  # (n, m, d)
    return np.einsum("nmd,nmd->nm", difference, difference)
