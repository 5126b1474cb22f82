import numpy as np


def rand_index(a: np.ndarray, b: np.ndarray) -> float:
    """Return the share of pairs of rows that both labelings put together, or both keep apart.

    a, b: shape (n,), ints, n >= 2.
    """
    first, second = np.triu_indices(len(a), k=1)  # each pair of different rows once
    return float(((a[first] == a[second]) == (b[first] == b[second])).mean())
