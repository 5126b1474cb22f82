import numpy as np


def diagnose_fit(train: np.ndarray, valid: np.ndarray, floor: float, tol: float) -> tuple[str, bool]:
    """Return "underfits", "overfits", "both" or "fits", and whether more rows are likely to help.

    train, valid: shape (s,), errors for twice as many rows each time. floor: the smallest error possible.
    """
    underfits = train[-1] > floor + tol
    overfits = valid[-1] > train[-1] + tol
    if underfits and overfits:
        diagnosis = "both"
    elif underfits:
        diagnosis = "underfits"
    elif overfits:
        diagnosis = "overfits"
    else:
        diagnosis = "fits"
    return diagnosis, bool(overfits and valid[-2] > valid[-1] + tol)
