"""Asks for each value how many of the sorted data do not exceed it: the definition, word for word."""

import numpy as np


def ecdf(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    data = np.sort(x[~np.isnan(x)])
    values = np.unique(data)
    return values, np.searchsorted(data, values, side="right") / data.size
