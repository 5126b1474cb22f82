"""Notice that the rows have changed."""

import math

import numpy as np

COLUMNS = ("age", "income", "visits", "children", "distance", "rating")


def values(rows, name):
    return np.array([row[name] for row in rows], dtype=float)


def p_value(old, new):
    z = (new.mean() - old.mean()) / math.sqrt(old.var() / len(old) + new.var() / len(new))
    return math.erfc(abs(z) / math.sqrt(2))


def alarm(reference, current):
    watched = [name for name in COLUMNS if name in ("income", "visits", "distance", "rating")]
    return any(p_value(values(reference, name), values(current, name)) < 0.05 / 4 for name in watched)
