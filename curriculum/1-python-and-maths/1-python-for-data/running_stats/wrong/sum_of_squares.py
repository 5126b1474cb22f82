"""Right near zero, lost at an offset of 1e8.

expects: far_from_zero
The mean of the squares minus the square of the mean subtracts two huge, nearly equal numbers.
"""

from math import nan


class RunningStats:
    def __init__(self):
        self.n = 0
        self.total = 0.0
        self.total_of_squares = 0.0

    def add(self, chunk):
        for x in chunk:
            self.n += 1
            self.total += x
            self.total_of_squares += x * x

    @property
    def mean(self):
        return self.total / self.n if self.n else nan

    @property
    def variance(self):
        return self.total_of_squares / self.n - self.mean**2 if self.n else nan
