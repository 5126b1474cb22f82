import numpy as np


def hist_counts(x: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Count the values in each bin; the two outer bins are open.

    x: shape (n,), floats, nan where missing. bins: shape (b + 1,), ascending edges, b >= 2. Returns: shape (b,), int.
    """
    values = x[~np.isnan(x)]
    place = np.searchsorted(bins[1:-1], values, side="right")  # the bin of each value, 0 to b - 1
    return np.bincount(place, minlength=len(bins) - 1)
