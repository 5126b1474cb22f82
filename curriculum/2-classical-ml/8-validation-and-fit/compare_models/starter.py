import numpy as np


def compare_models(a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return the mean of a - b, and the lower and upper end of its 95 % interval.

    a, b: shape (n,), losses of two models on the same rows. groups: shape (n,), whose rows belong together.
    """
    raise NotImplementedError
