import numpy as np


def odds_ratio(w: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return by which factor the odds change when each feature alone rises by its step.

    w: shape (d,), coefficients of a logistic model. step: shape (d,). Returns: shape (d,), float.
    """
    raise NotImplementedError


def shifted(p: np.ndarray, ratio: float) -> np.ndarray:
    """Return the probabilities whose odds are `ratio` times those of p.

    p: shape (n,), from 0 to 1, both included. ratio: above 0. Returns: shape (n,), float.
    """
    raise NotImplementedError
