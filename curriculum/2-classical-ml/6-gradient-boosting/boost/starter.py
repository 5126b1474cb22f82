from typing import Self

import numpy as np
from sklearn.tree import DecisionTreeRegressor


class Boost:
    """Gradient boosting with stumps, for squared error."""

    def __init__(self, lr: float, n: int) -> None:
        raise NotImplementedError

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """X: shape (m, d). y: shape (m,). Returns the object itself."""
        raise NotImplementedError

    def predict(self, X: np.ndarray) -> np.ndarray:
        """X: shape (k, d). Returns: shape (k,), float."""
        raise NotImplementedError
