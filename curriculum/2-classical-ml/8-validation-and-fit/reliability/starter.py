import numpy as np


def reliability(y: np.ndarray, p: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many predictions each bin holds, their mean, and the share that came true.

    y: shape (n,), 0 or 1. p: shape (n,), probabilities. Returns: shape (bins,) each; nan for an empty bin.
    """
    raise NotImplementedError
