import numpy as np


def gate(
    y: np.ndarray, new: np.ndarray, old: np.ndarray, margin: float, draws: int, rng: np.random.Generator
) -> dict[str, bool | float]:
    """Return whether the candidate may go out, with the paired difference of the log-losses and its 95 % interval.

    y, new, old: shape (n,). Released if the interval of candidate minus released ends below `margin`.
    """

    def losses(p: np.ndarray) -> np.ndarray:
        return -np.log(np.where(y == 1, p, 1 - p))  # (n,)

    difference = losses(new) - losses(old)  # (n,)
    n = len(y)
    means = difference[rng.integers(n, size=(draws, n))].mean(axis=1)  # (draws,)
    low, high = np.quantile(means, [0.025, 0.975])
    return {
        "release": bool(high < margin),
        "difference": float(difference.mean()),
        "low": float(low),
        "high": float(high),
    }
