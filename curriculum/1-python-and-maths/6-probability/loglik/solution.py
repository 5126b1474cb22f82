import numpy as np


def loglik(p: np.ndarray, y: np.ndarray) -> float:
    """Return the log-likelihood of the outcomes y under the probabilities p.

    p: shape (n,), probabilities of 1. y: shape (n,), zeros and ones.
    """
    given = np.where(y == 1, p, 1 - p)  # (n,), the probability given to what happened
    return np.log(given).sum()
