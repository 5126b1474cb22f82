"""Two objects count together.

expects: separate_objects
The default list is made once, when `def` runs; every object that brings no list of its own keeps that one.
"""

from math import fsum, nan


class RunningStats:
    def __init__(self, values=[]):
        self.values = values

    def add(self, chunk):
        self.values += chunk

    @property
    def n(self):
        return len(self.values)

    @property
    def mean(self):
        return fsum(self.values) / self.n if self.n else nan

    @property
    def variance(self):
        mean = self.mean
        return fsum((x - mean) ** 2 for x in self.values) / self.n if self.n else nan
