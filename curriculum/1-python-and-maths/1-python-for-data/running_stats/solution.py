from collections.abc import Iterable
from math import nan


class RunningStats:
    """Count, mean and population variance of all values added so far, without keeping the values.

    Welford's method: `_squares`, the sum of squared distances from the mean, is kept up to date as the mean moves, so
    that large numbers are never subtracted from each other.
    """

    def __init__(self) -> None:
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, chunk: Iterable[float]) -> None:
        """Take in more values."""
        for x in chunk:
            self.n += 1
            step = x - self._mean
            self._mean += step / self.n
            self._squares += step * (x - self._mean)  # distance from the old mean times distance from the new

    @property
    def mean(self) -> float:
        """The mean of all values, nan before the first."""
        return self._mean if self.n else nan

    @property
    def variance(self) -> float:
        """The mean squared distance from the mean, nan before the first value."""
        return self._squares / self.n if self.n else nan
