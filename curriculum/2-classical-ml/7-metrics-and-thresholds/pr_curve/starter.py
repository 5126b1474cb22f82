import numpy as np


def pr_curve(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (precision, recall, thresholds), one entry for each distinct score, from the highest down.

    y: shape (n,), zeros and ones. s: shape (n,). Raises ValueError if there is no positive.
    """
    raise NotImplementedError
