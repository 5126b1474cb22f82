import numpy as np


def summary(x: np.ndarray) -> dict[str, float]:
    """Summarize the values of a column, leaving missing ones out.

    x: shape (n,), floats, nan where missing. Returns: n, missing, mean, std (sample), min, median, max.
    """
    values = x[~np.isnan(x)]
    return {
        "n": values.size,
        "missing": x.size - values.size,
        "mean": values.mean(),
        "std": values.std(ddof=1),
        "min": values.min(),
        "median": np.median(values),
        "max": values.max(),
    }
