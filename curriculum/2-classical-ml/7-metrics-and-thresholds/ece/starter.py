import numpy as np


def ece(y: np.ndarray, p: np.ndarray, bins: int) -> float:
    """Return the expected calibration error over `bins` bins of equal width.

    y: shape (n,), zeros and ones. p: shape (n,), from 0 to 1, both included.
    """
    raise NotImplementedError


def ece_null(p: np.ndarray, bins: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return the calibration errors of sets of labels for which p is right.

    p: shape (n,). Returns: shape (draws,), float; each from labels drawn anew from rng.
    """
    raise NotImplementedError
