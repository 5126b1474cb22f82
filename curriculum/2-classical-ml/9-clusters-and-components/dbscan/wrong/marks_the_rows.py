"""Moves the rows it has visited out of the way, in the caller's table.

expects: input_changed
The table is the only copy that the caller has.
"""

import numpy as np


def core_rows(X, eps, m):
    return (((X[:, None] - X) ** 2).sum(axis=2) <= eps**2).sum(axis=1) >= m


def dbscan(X, eps, m):
    original = X.copy()
    core = core_rows(X, eps, m)
    labels, cluster = np.full(len(X), -1), 0
    for first in np.flatnonzero(core):
        if labels[first] != -1:
            continue
        stack, labels[first] = [first], cluster
        X[first] = 1e9
        while stack:
            i = stack.pop()
            if core[i]:
                for j in np.flatnonzero(((X - original[i]) ** 2).sum(axis=1) <= eps**2):
                    labels[j], X[j] = cluster, 1e9
                    stack.append(j)
        cluster += 1
    return labels
