"""Chooses by multiplying with 0 and 1.

expects: certain_and_right
It is the formula as textbooks print it, and it gives nan where a forecast was exactly 0 or 1.
"""

import numpy as np


def loglik(p, y):
    return (y * np.log(p) + (1 - y) * np.log(1 - p)).sum()
