"""Averages all groups at once with two `bincount`s, so thousands of groups cost no loop."""

import numpy as np


def compare_models(a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None) -> tuple[float, float, float]:
    d = a - b
    if groups is not None:
        which = np.unique(groups, return_inverse=True)[1]
        d = np.bincount(which, weights=d) / np.bincount(which)
    n = len(d)
    standard_error = np.sqrt(((d - d.mean()) ** 2).sum() / (n - 1) / n)
    low, high = d.mean() + np.array([-1.96, 1.96]) * standard_error
    return d.mean(), low, high
