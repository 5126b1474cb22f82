"""Multiplies first, and takes the logarithm of 0.

expects: finite_for_long_records
Where NumPy's logarithm gives -inf, Python's own raises.
"""

import math


def loglik(p, y):
    likelihood = 1.0
    for forecast, outcome in zip(p, y, strict=True):
        likelihood *= forecast if outcome == 1 else 1 - forecast
    return math.log(likelihood)
