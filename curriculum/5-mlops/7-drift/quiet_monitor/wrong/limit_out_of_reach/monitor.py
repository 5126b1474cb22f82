"""Notice that the rows have changed."""

import numpy as np

COLUMNS = ("age", "income", "visits", "children", "distance", "rating")


def values(rows, name):
    return np.array([row[name] for row in rows], dtype=float)


def psi(old, new, bins=10):
    edges = np.quantile(old, np.arange(1, bins) / bins)
    r, c = ((np.bincount(np.searchsorted(edges, v), minlength=bins) + 0.5) / (len(v) + bins / 2) for v in (old, new))
    return float(np.sum((c - r) * np.log(c / r)))


def alarm(reference, current):
    return max(psi(values(reference, name), values(current, name)) for name in COLUMNS) > 25
