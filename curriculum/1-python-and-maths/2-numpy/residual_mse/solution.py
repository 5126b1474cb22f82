import numpy as np


def residual_mse(y: np.ndarray, p: np.ndarray) -> float:
    """Return the mean squared difference of labels y and predictions p, each of shape (n,) or (n, 1).

    Raises ValueError if they do not hold equally many values.
    """
    y, p = np.ravel(y), np.ravel(p)  # (n,)
    if y.shape != p.shape:
        raise ValueError(f"{y.size} labels but {p.size} predictions")
    residual = y.astype(float) - p  # floats before subtracting: unsigned ints wrap around below 0
    return float(np.mean(residual**2))
