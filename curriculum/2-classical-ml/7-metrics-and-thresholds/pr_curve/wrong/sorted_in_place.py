"""Sorts the caller's scores.

expects: input_changed
`s.sort()` works in the array that is there; the labels beside it are not sorted along.
"""

import numpy as np


def pr_curve(y, s):
    if not y.any():
        raise ValueError("no positives")
    order = np.argsort(-s, kind="stable")
    labels = y[order].copy()
    s.sort()
    scores = s[::-1].astype(float)
    last = np.append(scores[1:] != scores[:-1], True)
    found, called = np.cumsum(labels)[last], np.flatnonzero(last) + 1
    return found / called, found / labels.sum(), scores[last]
