"""Notice that the rows have changed, without crying wolf: a PSI per column, each with the limit that chance sets."""

import numpy as np
from scipy.special import chdtri  # chdtri(df, p): what a chi-squared variable exceeds with probability p

COLUMNS = ("age", "income", "visits", "children", "distance", "rating")
LEVEL = 0.05  # of a whole look, all columns together
BINS = 5


def alarm(reference: list[dict], current: list[dict]) -> bool:
    """Return whether somebody should be woken up. Rows are dicts, column -> number."""
    return any(moved(values(reference, name), values(current, name)) for name in COLUMNS)


def values(rows: list[dict], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=float)


def moved(old: np.ndarray, new: np.ndarray) -> bool:
    """Whether the PSI is more than chance makes of so many rows."""
    edges = np.unique(np.quantile(old, np.arange(1, BINS) / BINS))  # whole numbers tie: count the bins there are
    shares = []
    for sample in (old, new):
        counts = np.bincount(np.searchsorted(edges, sample, side="right"), minlength=len(edges) + 1)
        shares.append((counts + 0.5) / (len(sample) + 0.5 * len(counts)))
    psi = np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]))
    return bool(psi > chdtri(len(edges), LEVEL / len(COLUMNS)) * (1 / len(old) + 1 / len(new)))
