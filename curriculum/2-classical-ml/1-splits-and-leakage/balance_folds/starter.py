import numpy as np


def balance_folds(y: np.ndarray, folds: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the training rows of each fold, rows of rarer classes repeated until all classes are equally frequent.

    y, folds: shape (n,). Returns: one int array for each distinct fold number, in increasing order of the numbers.
    """
    raise NotImplementedError
