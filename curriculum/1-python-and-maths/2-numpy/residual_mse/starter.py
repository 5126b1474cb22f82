import numpy as np


def residual_mse(y: np.ndarray, p: np.ndarray) -> float:
    """Return the mean squared difference of labels y and predictions p, each of shape (n,) or (n, 1).

    Raises ValueError if they do not hold equally many values.
    """
    raise NotImplementedError
