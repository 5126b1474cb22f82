import numpy as np


def logloss(y: np.ndarray, z: np.ndarray) -> float:
    """Return the mean log-loss of scores z for the labels y.

    y: shape (n,), zeros and ones. z: shape (n,), the logits, of any size.
    """
    margin = np.where(y == 1, z, -z)  # (n,), how far the score is on the right side
    return np.logaddexp(0, -margin).mean()  # log(1 + e^-margin), which never forms the e^-margin
