"""A step of 0.1.

expects: step_not_too_large
The curve bends within the step.
"""

import numpy as np


def numgrad(f, x):
    h = 0.1
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
