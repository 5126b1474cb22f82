"""Sorts the caller's reference to read its quantiles off.

expects: input_changed
The caller's rows are in another order afterwards, and no longer fit their other columns.
"""

import numpy as np


def psi(reference, current, bins):
    reference.sort()
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    shares = []
    for values in (reference, current):
        counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=bins)
        shares.append((counts + 0.5) / (len(values) + 0.5 * bins))
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))
