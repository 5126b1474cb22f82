import numpy as np


def ece(y: np.ndarray, p: np.ndarray, bins: int) -> float:
    """Return the expected calibration error over `bins` bins of equal width.

    y: shape (n,), zeros and ones. p: shape (n,), from 0 to 1, both included.
    """
    which = np.minimum((p * bins).astype(int), bins - 1)  # (n,), p = 1 belongs to the last bin
    gaps = np.bincount(which, weights=y - p)  # per bin n_k times the gap: the weights n_k / n cancel the means
    return np.abs(gaps).sum() / len(p)


def ece_null(p: np.ndarray, bins: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return the calibration errors of sets of labels for which p is right.

    p: shape (n,). Returns: shape (draws,), float; each from labels drawn anew from rng.
    """
    return np.array([ece(rng.random(len(p)) < p, p, bins) for _ in range(draws)])
