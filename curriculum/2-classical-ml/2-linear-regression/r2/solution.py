import numpy as np


def r2(y: np.ndarray, p: np.ndarray) -> float:
    """Return the share of the variation of y that the predictions p account for.

    y, p: shape (n,), ints or floats. A constant y gives 1.0 for perfect predictions, 0.0 for others.
    """
    residual = ((y - p) ** 2).sum()
    total = ((y - y.mean()) ** 2).sum()
    if (y == y[0]).all():
        return float(residual == 0)
    return float(1 - residual / total)
