import numpy as np


def bootstrap(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return n row numbers drawn with replacement, shape (n,), and the ascending ones that were not drawn."""
    rows = rng.integers(n, size=n)
    out = np.setdiff1d(np.arange(n), rows)  # about n / e of them
    return rows, out
