"""The formula of sums, as textbooks print it.

expects: far_from_zero
It subtracts two huge numbers that are almost equal.
"""


def fit_line(x, y):
    n = len(x)
    slope = (n * (x @ y) - x.sum() * y.sum()) / (n * (x @ x) - x.sum() ** 2)
    return float(slope), float((y.sum() - slope * x.sum()) / n)
