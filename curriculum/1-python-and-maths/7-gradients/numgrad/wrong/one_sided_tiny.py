"""One-sided, with another step than the textbook's.

expects: step_to_both_sides
The step is well chosen for a one-sided difference, and still not good enough.
"""

import numpy as np


def numgrad(f, x):
    h = 1e-7
    return np.array([(f(x + h * e) - f(x)) / h for e in np.eye(len(x))])
