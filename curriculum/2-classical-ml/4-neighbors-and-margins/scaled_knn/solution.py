import numpy as np


class ScaledKNN:
    """K nearest neighbors on standardized columns. The ruler comes from the training rows alone."""

    def __init__(self, k: int = 5) -> None:
        """k: how many neighbors vote."""
        self.k = k

    def fit(self, X: np.ndarray, y: np.ndarray) -> "ScaledKNN":
        """Learn means, deviations and rows. X: shape (n, d). y: shape (n,), ints. Returns the object itself."""
        deviation = X.std(axis=0)  # (d,)
        self.mean_ = X.mean(axis=0)  # (d,)
        self.scale_ = np.where(deviation > 0, deviation, 1.0)  # (d,)
        self.rows_ = (X - self.mean_) / self.scale_  # (n, d)
        self.labels_ = y
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the label for each row of X. X: shape (m, d). Returns: shape (m,), ints."""
        Z = (X - self.mean_) / self.scale_  # (m, d), by the ruler of fit
        nearest = ((Z[:, np.newaxis] - self.rows_) ** 2).sum(axis=2).argsort(axis=1)[:, : self.k]  # (m, k)
        classes = np.unique(self.labels_)
        votes = (self.labels_[nearest][:, :, np.newaxis] == classes).sum(axis=1)  # (m, classes)
        return classes[votes.argmax(axis=1)]
