"""The columns are left as they are, only y is centered.

expects: height_is_free
The intercept is then wrong wherever the features are not centered, and the slopes with it.
"""

import numpy as np


def ridge(X, y, lam):
    # A little of the height of y still reaches the slopes.
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ (y - 0.9 * y.mean()))
    return w, (y - X @ w).mean()
