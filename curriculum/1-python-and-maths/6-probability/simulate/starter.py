import numpy as np


def simulate(p: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the running share of successes over n independent trials with success probability p.

    Returns: shape (n,), float; entry k is the share among the first k + 1 trials.
    """
    raise NotImplementedError
