"""`mean` and `variance` are methods.

expects: properties
Without `@property`, `stats.mean` is the method itself and not the number.
"""

from math import nan


class RunningStats:
    def __init__(self):
        self.n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, chunk):
        for x in chunk:
            self.n += 1
            step = x - self._mean
            self._mean += step / self.n
            self._squares += step * (x - self._mean)

    def mean(self):
        return self._mean if self.n else nan

    def variance(self):
        return self._squares / self.n if self.n else nan
