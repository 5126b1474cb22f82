import numpy as np


def roc_auc(y: np.ndarray, s: np.ndarray) -> float:
    """Return the share of pairs of a positive and a negative in which the positive scores higher; ties count half.

    y: shape (n,), zeros and ones. s: shape (n,). Raises ValueError if a class is missing.
    """
    positives, negatives = s[y == 1], np.sort(s[y == 0])
    if len(positives) == 0 or len(negatives) == 0:
        raise ValueError("the AUC needs both classes")
    below = np.searchsorted(negatives, positives)  # (n1,), negatives strictly below each positive
    not_above = np.searchsorted(negatives, positives, side="right")  # (n1,), those that tie included
    return (below + not_above).mean() / (2 * len(negatives))
