"""Fills the whole 2 × 2 table first, as one would on paper; every other question about the test is then one line
away."""

import numpy as np


def bayes(prior: float, sens: float, spec: float) -> float:
    given = np.array([prior, sens, spec])
    if ((given < 0) | (given > 1)).any():
        raise ValueError("probabilities lie between 0 and 1")
    table = np.array(
        [
            [prior * sens, prior * (1 - sens)],  # sick: positive, negative
            [(1 - prior) * (1 - spec), (1 - prior) * spec],  # healthy: positive, negative
        ]
    )
    positive = table[:, 0]
    if not positive.any():
        raise ValueError("a positive test is impossible")
    return float(positive[0] / positive.sum())
