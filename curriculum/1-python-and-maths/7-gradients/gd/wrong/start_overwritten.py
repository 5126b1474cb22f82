"""The caller's starting point is gone.

expects: input_changed
`x -= …` works in place, and `x` is still the caller's array.
"""

import numpy as np


def gd(grad, x0, lr, n):
    x = x0 if x0.dtype.kind == "f" else x0.astype(float)
    path = [x.copy()]
    for _ in range(n):
        x -= lr * grad(x)
        path.append(x.copy())
    return np.array(path)
