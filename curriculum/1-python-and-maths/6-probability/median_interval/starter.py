import numpy as np


def median_interval(x: np.ndarray, level: float, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return a bootstrap percentile interval for the median of x.

    x: shape (n,). level: share of the bootstrap medians inside the interval, between 0 and 1.
    """
    raise NotImplementedError
