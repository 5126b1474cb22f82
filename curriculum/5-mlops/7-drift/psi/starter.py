import numpy as np


def psi(reference: np.ndarray, current: np.ndarray, bins: int) -> float:
    """Return the population stability index of `current` against `reference`.

    reference: shape (m,). current: shape (n,). Bins are quantiles of the reference; their ends are open.
    """
    raise NotImplementedError
