"""A step of 1e-13.

expects: step_not_too_small
Smaller is not better once rounding is larger than what is measured.
"""

import numpy as np


def numgrad(f, x):
    h = 1e-13
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
