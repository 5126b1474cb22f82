import numpy as np


def reliability(y: np.ndarray, p: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many predictions each bin holds, their mean, and the share that came true.

    y: shape (n,), 0 or 1. p: shape (n,), probabilities. Returns: shape (bins,) each; nan for an empty bin.
    """
    which = np.minimum(p * bins, bins - 1).astype(int)  # (n,); p = 1 goes into the last bin
    count = np.bincount(which, minlength=bins)
    divisor = np.where(count > 0, count, np.nan)
    said = np.bincount(which, weights=p, minlength=bins) / divisor
    happened = np.bincount(which, weights=y, minlength=bins) / divisor
    return count, said, happened
