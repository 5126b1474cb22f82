"""Summarizes each chunk and merges two summaries (Chan's formula): the same step joins results from many machines."""

from collections.abc import Iterable
from math import fsum, nan


class RunningStats:
    def __init__(self) -> None:
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, chunk: Iterable[float]) -> None:
        values = list(chunk)
        if not values:
            return
        m = len(values)
        mean = fsum(values) / m
        squares = fsum((x - mean) ** 2 for x in values)
        gap = mean - self._mean
        total = self.n + m
        self._squares += squares + gap * gap * self.n * m / total  # within both, plus between the two
        self._mean += gap * m / total
        self.n = total

    @property
    def mean(self) -> float:
        return self._mean if self.n else nan

    @property
    def variance(self) -> float:
        return self._squares / self.n if self.n else nan
