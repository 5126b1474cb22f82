import numpy as np


def ecdf(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps of the empirical distribution function.

    x: shape (n,), floats, nan where missing. Returns: the k distinct values, ascending, and the share of values at
    most as large as each; both of shape (k,).
    """
    raise NotImplementedError
