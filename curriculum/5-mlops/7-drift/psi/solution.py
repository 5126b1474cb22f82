import numpy as np


def psi(reference: np.ndarray, current: np.ndarray, bins: int) -> float:
    """Return the population stability index of `current` against `reference`.

    reference: shape (m,). current: shape (n,). Bins are quantiles of the reference; their ends are open.
    """
    edges = np.quantile(reference, np.arange(1, bins) / bins)  # (bins - 1,)

    def shares(values: np.ndarray) -> np.ndarray:
        counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=bins)  # (bins,)
        return (counts + 0.5) / (len(values) + 0.5 * bins)

    r, c = shares(reference), shares(current)
    return float(np.sum((c - r) * np.log(c / r)))
