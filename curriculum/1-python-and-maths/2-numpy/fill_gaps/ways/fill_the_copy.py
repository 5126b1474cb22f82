"""Copies once and writes only into the gaps: good when the table is large and gaps are rare."""

import numpy as np


def fill_gaps(X: np.ndarray) -> np.ndarray:
    filled = X.copy()
    rows, columns = np.nonzero(np.isnan(X))  # where the gaps are, one pair each
    filled[rows, columns] = 0.0
    mean = filled.sum(axis=0) / np.maximum((~np.isnan(X)).sum(axis=0), 1)  # (d,)
    filled[rows, columns] = mean[columns]
    return filled
