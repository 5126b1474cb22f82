"""Steps in a copy, which holds ints where the point does.

expects: step_cut_off
Stored in an integer array, the step is cut off.
"""

import numpy as np


def numgrad(f, x):
    h, gradient = 1e-5, np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + h
        down[i] = down[i] - h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient
