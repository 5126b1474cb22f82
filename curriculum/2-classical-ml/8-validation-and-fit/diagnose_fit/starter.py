import numpy as np


def diagnose_fit(train: np.ndarray, valid: np.ndarray, floor: float, tol: float) -> tuple[str, bool]:
    """Return "underfits", "overfits", "both" or "fits", and whether more rows are likely to help.

    train, valid: shape (s,), errors for twice as many rows each time. floor: the smallest error possible.
    """
    raise NotImplementedError
