"""The caller's point is moved about.

expects: input_changed
Stepping inside the caller's own array changes their data; adding and subtracting h does not even restore it exactly.
"""

import numpy as np


def numgrad(f, x):
    gradient = np.zeros(len(x))
    h = 1e-5
    if x.dtype.kind != "f":
        x = x.astype(float)
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        gradient[i] = (up - f(x)) / (2 * h)
        x[i] += h / 2
    return gradient
