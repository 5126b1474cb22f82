"""ecdf(x): distinct values ascending, and the share of the values present that are at most as large."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def has_a_value(x):
    return x.ndim == 1 and np.count_nonzero(~np.isnan(x)) >= 1


def ratings(rng, n, gaps=0):
    """Whole-numbered ratings in which at least one value occurs twice, shuffled, with gaps."""
    x = np.concatenate([rng.integers(1, 9, size=n - 1), [0, 0, 10]]).astype(float)
    return rng.permutation(np.append(x, np.full(gaps, np.nan)))


@cases
def columns(rng):
    """Ties, gaps, distinct values, negative values, a constant column."""
    yield ratings(rng, int(rng.integers(4, 10)))
    yield ratings(rng, int(rng.integers(4, 10)), gaps=int(rng.integers(1, 4)))
    yield rng.normal(size=int(rng.integers(5, 12)))
    yield -ratings(rng, 5, gaps=1)
    yield np.full(int(rng.integers(2, 5)), 4.0)


@misconception
def ties_kept(x):
    """A value that occurs several times appears several times, with several shares.

    Sorting and numbering the data is the usual recipe for drawing the curve, and with distinct values it is right. With
    ties it gives one value two shares, and only the last of them is the share of data at most that large."""
    data = np.sort(x[~np.isnan(x)])
    return data, np.arange(1, data.size + 1) / data.size


@misconception
def strictly_below(x):
    """The shares are one step behind: the first is 0 and the last is not 1.

    You counted the values strictly *below* each value. "At most" includes the value itself."""
    data = np.sort(x[~np.isnan(x)])
    values = np.unique(data)
    return values, np.searchsorted(data, values, side="left") / data.size


@misconception
def gaps_in_the_divisor(x):
    """With missing values the last share is less than 1.

    The counts were divided by the length of the array, gaps included. A missing value is neither small nor large; it
    belongs in neither the count nor the divisor."""
    values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
    return values, counts.cumsum() / x.size


@misconception
def shares_of_distinct_values(x):
    """Every distinct value adds the same to the share, however often it occurs.

    After `np.unique` the repetitions are gone. They carry the weight: a value that occurs three times lifts the curve
    by three steps."""
    values = np.unique(x[~np.isnan(x)])
    return values, np.arange(1, values.size + 1) / values.size


@misconception
def not_accumulated(x):
    """The shares do not rise to 1: each is the share of its own value only.

    That is the distribution of the values, one bar per value. The distribution *function* adds them up from the
    left."""
    values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
    return values, counts / counts.sum()


@behaviour("shares rise to 1")
def rises_to_one(student, rng):
    """Each value lifts the curve, and at the largest everything has been counted."""
    _, shares = student.ecdf(ratings(rng, 8, gaps=2))
    if not (np.all(np.diff(shares) > 0) and np.isclose(shares[-1], 1)):
        fail("The shares do not rise step by step to 1.", actual=shares)
