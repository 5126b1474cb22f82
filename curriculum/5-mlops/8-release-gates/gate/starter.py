import numpy as np


def gate(
    y: np.ndarray, new: np.ndarray, old: np.ndarray, margin: float, draws: int, rng: np.random.Generator
) -> dict[str, bool | float]:
    """Return whether the candidate may go out, with the paired difference of the log-losses and its 95 % interval.

    y, new, old: shape (n,). Released if the interval of candidate minus released ends below `margin`.
    """
    raise NotImplementedError
