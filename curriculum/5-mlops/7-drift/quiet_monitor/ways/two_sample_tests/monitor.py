"""Notice that the rows have changed: two-sample tests, corrected by Holm's steps."""

import numpy as np
from scipy.stats import ks_2samp


def alarm(reference: list[dict], current: list[dict]) -> bool:
    """Return whether somebody should be woken up."""
    names = list(reference[0])
    old, new = (np.array([[row[name] for name in names] for row in rows], dtype=float) for rows in (reference, current))
    p = np.sort([ks_2samp(a, b, method="asymp").pvalue for a, b in zip(old.T, new.T, strict=True)])
    return bool((p <= 0.05 / (len(p) - np.arange(len(p)))).any())
