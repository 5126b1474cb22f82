"""hist_counts(x, bins): [left, right) bins, the outer ones open; the counts add up to the values present."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def edges_ascend(x, bins):
    return x.ndim == 1 and bins.ndim == 1 and bins.size >= 3 and bool(np.all(np.diff(bins) > 0))


def ages(rng, n, bins, gaps=0):
    """Whole numbers, so that many stand exactly on an edge; each edge occurs, and so do values outside."""
    x = np.concatenate([rng.integers(bins[0], bins[-1], size=n), bins, [bins[0] - 5, bins[-1] + 1, bins[-1] + 30]])
    return rng.permutation(np.append(x.astype(float), np.full(gaps, np.nan)))


@cases
def columns(rng):
    """Unequal bins, values on edges and outside, gaps, an empty bin, nothing at all."""
    bins = np.cumsum(rng.integers(2, 9, size=int(rng.integers(3, 6))))
    yield ages(rng, int(rng.integers(8, 20)), bins), bins
    yield ages(rng, int(rng.integers(8, 20)), bins, gaps=int(rng.integers(2, 5))), bins
    yield rng.normal(0, 10, size=30), np.array([-10.0, -2.0, 0.0, 3.0, 12.0])
    yield np.array([1.0, 1.5, 9.0]), np.array([0.0, 2.0, 4.0, 8.0])
    yield np.array([-7.0, np.nan, -1.0]), np.array([0.0, 1.0, 2.0])
    yield np.full(3, np.nan), np.array([0.0, 1.0, 2.0])


def counted(values, bins):
    return np.histogram(values, bins=bins)[0]


@misconception
def outside_dropped(x, bins):
    """Values outside the edges are missing from the counts.

    `np.histogram` leaves out what lies outside and does not mention it. The counts then describe a part of the data,
    and exactly the values that have changed since last month are the ones you do not see."""
    return counted(x[~np.isnan(x)], bins)


@misconception
def closed_on_the_right(x, bins):
    """Values exactly on an edge are counted in the bin to its left.

    `pd.cut` closes bins on the right unless told otherwise, and so does a comparison of the kind `left < x <= right`.
    With decimals nobody notices; with ages and ratings, where most values stand on an edge, whole bars move."""
    values = x[~np.isnan(x)]
    return np.bincount(np.searchsorted(bins[1:-1], values, side="left"), minlength=len(bins) - 1)


@misconception
def upper_end_lost(x, bins):
    """Values from the last edge up are missing.

    Every bin leaves its right edge out, the last one as well, so the largest values belong nowhere. The last bin
    is open: it holds all of them."""
    values = np.maximum(x[~np.isnan(x)], bins[0])
    return counted(values[values < bins[-1]], bins)


@misconception
def lower_end_lost(x, bins):
    """Values below the first edge are missing.

    The first bin is open to the left: it holds everything below its right edge."""
    values = np.minimum(x[~np.isnan(x)], bins[-1])
    return counted(values[values >= bins[0]], bins)


@misconception
def gaps_in_the_last_bin(x, bins):
    """Missing values have been counted in the last bin.

    `np.digitize` and `np.searchsorted` sort `nan` behind every number, so it lands in the open last bin and looks like
    a very large value. Leave missing values out before asking where they belong."""
    return np.bincount(np.searchsorted(bins[1:-1], x, side="right"), minlength=len(bins) - 1)


@misconception
def gaps_as_zero(x, bins):
    """Missing values have been counted where 0 belongs.

    Filling with 0 gives every gap a place on the axis that nobody measured."""
    return np.bincount(np.searchsorted(bins[1:-1], np.nan_to_num(x), side="right"), minlength=len(bins) - 1)


@misconception
def empty_last_bins_missing(x, bins):
    """The result is too short: bins at the end that nothing fell into are missing.

    `np.bincount` ends at the largest bin that occurs, and counting labels finds only labels that occur. An empty bin is
    an answer too, and the shape may not depend on the data."""
    return np.bincount(np.searchsorted(bins[1:-1], x[~np.isnan(x)], side="right"))


@behaviour("the counts add up to the values that are there")
def adds_up(student, rng):
    """Each value that is there lies in exactly one bin, so nothing is lost and nothing is counted twice."""
    bins = np.array([0.0, 10.0, 20.0, 40.0])
    x = ages(rng, 12, np.array([0, 10, 20, 40]), gaps=3)
    total, present = int(np.sum(student.hist_counts(x, bins))), int(np.count_nonzero(~np.isnan(x)))
    if total != present:
        fail("The counts do not add up to the number of values that are there.", case=x, expected=present, actual=total)
