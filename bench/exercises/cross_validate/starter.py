import numpy as np


def cross_validate(X: np.ndarray, y: np.ndarray, folds: int) -> np.ndarray:
    raise NotImplementedError
