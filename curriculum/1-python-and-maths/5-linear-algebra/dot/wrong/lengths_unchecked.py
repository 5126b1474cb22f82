"""Leaves it to NumPy to notice that the lengths differ.

expects: lengths_that_differ
Broadcasting stretches a length of 1.
"""


def dot(u, v):
    return (u.astype(float) * v).sum(axis=-1)
