import numpy as np


def roc_auc(y: np.ndarray, s: np.ndarray) -> float:
    """Return the share of pairs of a positive and a negative in which the positive scores higher; ties count half.

    y: shape (n,), zeros and ones. s: shape (n,). Raises ValueError if a class is missing.
    """
    raise NotImplementedError
