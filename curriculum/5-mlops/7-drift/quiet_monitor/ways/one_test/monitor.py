"""Notice that the means have moved: one test of all columns together."""

import numpy as np
from scipy.special import chdtri

COLUMNS = ("age", "income", "visits", "children", "distance", "rating")


def alarm(reference: list[dict], current: list[dict]) -> bool:
    """Return whether somebody should be woken up."""
    old, new = (
        np.array([[row[name] for name in COLUMNS] for row in rows], dtype=float) for rows in (reference, current)
    )
    gap = new.mean(axis=0) - old.mean(axis=0)
    pooled = (np.cov(old.T) * (len(old) - 1) + np.cov(new.T) * (len(new) - 1)) / (len(old) + len(new) - 2)
    noise = pooled * (1 / len(old) + 1 / len(new))
    return bool(gap @ np.linalg.solve(noise, gap) > chdtri(len(COLUMNS), 0.04))
