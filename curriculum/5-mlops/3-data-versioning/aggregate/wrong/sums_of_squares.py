"""The variance is off where values lie far from zero.

expects: far_from_zero
Sums of squares are added up, and a large number is subtracted from a large number at the end.
"""

from math import nan


def aggregate(parts):
    sums = {}
    for part in parts:
        for group, (n, mean, variance) in part.items():
            count, total, squares = sums.get(group, (0, 0.0, 0.0))
            if n:
                count, total, squares = count + n, total + n * mean, squares + n * (variance + mean * mean)
            sums[group] = count, total, squares
    return {
        group: (n, total / n, max(squares / n - (total / n) ** 2, 0.0)) if n else (0, nan, nan)
        for group, (n, total, squares) in sums.items()
    }
