import numpy as np


def compare_models(a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return the mean of a - b, and the lower and upper end of its 95 % interval.

    a, b: shape (n,), losses of two models on the same rows. groups: shape (n,), whose rows belong together.
    """
    differences = a - b
    if groups is not None:
        differences = np.array([differences[groups == group].mean() for group in np.unique(groups)])
    center = differences.mean()
    margin = 1.96 * differences.std(ddof=1) / np.sqrt(len(differences))
    return center, center - margin, center + margin
