"""Looks the word up in a table of the two answers: all four cases can be seen at once."""

import numpy as np

WORDS = {(False, False): "fits", (True, False): "underfits", (False, True): "overfits", (True, True): "both"}


def diagnose_fit(train: np.ndarray, valid: np.ndarray, floor: float, tol: float) -> tuple[str, bool]:
    bias, gap, last_fall = train[-1] - floor, valid[-1] - train[-1], valid[-2] - valid[-1]
    return WORDS[bool(bias > tol), bool(gap > tol)], bool(gap > tol and last_fall > tol)
