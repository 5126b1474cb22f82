from collections.abc import Iterable


class RunningStats:
    """Count, mean and population variance of all values added so far, without keeping the values."""

    def __init__(self) -> None:
        self.n = 0

    def add(self, chunk: Iterable[float]) -> None:
        """Take in more values."""
        raise NotImplementedError

    @property
    def mean(self) -> float:
        """The mean of all values, nan before the first."""
        raise NotImplementedError

    @property
    def variance(self) -> float:
        """The mean squared distance from the mean, nan before the first value."""
        raise NotImplementedError
