"""Keeps the two sums as exact fractions, where nothing can cancel: slow, and a yardstick for the quick ways."""

from collections.abc import Iterable
from fractions import Fraction
from math import nan


class RunningStats:
    def __init__(self) -> None:
        self.n = 0
        self._sum = Fraction(0)
        self._sum_of_squares = Fraction(0)

    def add(self, chunk: Iterable[float]) -> None:
        for x in map(Fraction, chunk):
            self.n += 1
            self._sum += x
            self._sum_of_squares += x * x

    @property
    def mean(self) -> float:
        return float(self._sum / self.n) if self.n else nan

    @property
    def variance(self) -> float:
        return float(self._sum_of_squares / self.n - (self._sum / self.n) ** 2) if self.n else nan
