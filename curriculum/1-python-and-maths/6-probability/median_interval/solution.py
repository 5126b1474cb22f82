import numpy as np


def median_interval(x: np.ndarray, level: float, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return a bootstrap percentile interval for the median of x.

    x: shape (n,). level: share of the bootstrap medians inside the interval, between 0 and 1.
    """
    samples = rng.choice(x, size=(resamples, len(x)))  # with replacement; one resample in each row
    medians = np.median(samples, axis=1)  # (resamples,)
    tail = (1 - level) / 2
    low, high = np.quantile(medians, [tail, 1 - tail]).tolist()
    return low, high
