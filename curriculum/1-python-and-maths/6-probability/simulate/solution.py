import numpy as np


def simulate(p: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the running share of successes over n independent trials with success probability p.

    Returns: shape (n,), float; entry k is the share among the first k + 1 trials.
    """
    successes = rng.random(n) < p  # random() is uniform on [0, 1), so it falls below p with probability p
    return successes.cumsum() / np.arange(1, n + 1)  # (n,)
