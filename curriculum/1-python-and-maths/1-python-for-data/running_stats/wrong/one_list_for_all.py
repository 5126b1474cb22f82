"""Two objects count together.

expects: separate_objects
A list in the class body belongs to the class: every object appends to the same one.
"""

from math import nan


class RunningStats:
    values = []

    def add(self, chunk):
        self.values.extend(chunk)

    @property
    def n(self):
        return len(self.values)

    @property
    def mean(self):
        return sum(self.values) / self.n if self.n else nan

    @property
    def variance(self):
        return sum((x - self.mean) ** 2 for x in self.values) / self.n if self.n else nan
