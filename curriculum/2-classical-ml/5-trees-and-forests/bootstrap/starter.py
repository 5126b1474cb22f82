import numpy as np


def bootstrap(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return n row numbers drawn with replacement, shape (n,), and the ascending ones that were not drawn."""
    raise NotImplementedError
