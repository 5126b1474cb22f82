"""keepdims makes the broadcast visible."""

import numpy as np


def centered(X: np.ndarray) -> np.ndarray:
    return X - X.mean(axis=0, keepdims=True)
