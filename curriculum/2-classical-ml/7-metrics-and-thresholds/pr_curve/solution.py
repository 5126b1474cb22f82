import numpy as np


def pr_curve(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (precision, recall, thresholds), one entry for each distinct score, from the highest down.

    y: shape (n,), zeros and ones. s: shape (n,). Raises ValueError if there is no positive.
    """
    if not y.any():
        raise ValueError("without positives there is no recall")
    order = np.argsort(s)[::-1]
    y, s = y[order], s[order].astype(float)
    last = np.append(s[1:] < s[:-1], True)  # (n,), the last of each run of equal scores
    found, called = np.cumsum(y)[last], np.flatnonzero(last) + 1
    return found / called, found / y.sum(), s[last]
