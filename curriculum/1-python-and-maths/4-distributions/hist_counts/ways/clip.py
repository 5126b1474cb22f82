"""Moves what lies outside to the outermost edges and leaves the counting to `np.histogram`."""

import numpy as np


def hist_counts(x: np.ndarray, bins: np.ndarray) -> np.ndarray:
    values = np.clip(x[~np.isnan(x)], bins[0], bins[-1])
    counts, _ = np.histogram(values, bins=bins)
    return counts
