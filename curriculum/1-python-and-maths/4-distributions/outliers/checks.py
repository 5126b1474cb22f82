"""outliers(x, cut): True where |x - median| > cut · 1.4826 · MAD; a missing value is never one."""

import numpy as np

from gradus.checks import behaviour, call, cases, fail, misconception, valid


@valid
def has_a_value(x, cut=3.5):
    return x.ndim == 1 and np.count_nonzero(~np.isnan(x)) >= 1 and cut >= 0


def readings(rng, n, gaps=0):
    """Readings with MAD close to 1, one far above, one far below, one just beyond the limit, one just within."""
    x = rng.permutation(np.linspace(-2, 2, n)) + rng.uniform(-0.01, 0.01, size=n)
    beyond, within = 7.0 * rng.choice([-1, 1]), 4.3 * rng.choice([-1, 1])
    x = np.concatenate([x, [rng.uniform(40, 400), rng.uniform(-60, -20), beyond, within]])
    x = rng.permutation(x) + rng.integers(-50, 50)
    return np.insert(x, rng.integers(0, len(x), size=gaps), np.nan)


@cases
def typing_errors(rng):
    """Errors on both sides, with and without gaps, at several cuts."""
    yield readings(rng, int(rng.integers(12, 25)))
    yield readings(rng, int(rng.integers(12, 25)), gaps=2)
    yield call(readings(rng, 20), cut=2.5)
    few = np.append(rng.uniform(9, 11, size=int(rng.integers(5, 9))), rng.uniform(200, 900))
    yield rng.permutation(few)


@cases
def edges(rng):
    """A skewed column, more than half the values equal, a cut of 0, a single value."""
    yield rng.lognormal(0, 1, size=30)
    yield np.array([5.0, 5.0, 5.0, 5.0, 5.0, np.nan, float(rng.integers(6, 20))])
    yield call(rng.integers(0, 4, size=7).astype(float), cut=0.0)
    yield np.array([float(rng.integers(1, 9))])


@misconception
def mean_and_deviation(x, cut=3.5):
    """Clear outliers are not marked: distances were measured from the mean, in standard deviations.

    The mean is pulled toward the tail and the deviation grows with it, so an outlier stretches the very yardstick it is
    measured with. Among ten values nothing can lie more than three deviations from the mean. The median and the MAD do
    not move."""
    distance = np.abs(x - np.nanmean(x))
    return distance > cut * np.nanstd(x)


@misconception
def mean_as_center(x, cut=3.5):
    """Distances are measured from the mean; only the yardstick is robust.

    One value far out pulls the mean toward itself, and ordinary values on the other side then look far away."""
    distance = np.abs(x - np.nanmean(x))
    return distance > cut * 1.4826 * np.nanmedian(distance)


@misconception
def poisoned_by_a_gap(x, cut=3.5):
    """With one missing value nothing is marked at all.

    `np.median` of anything with `nan` in it is `nan`, and every comparison with `nan` is false. The result looks like a
    clean column. `nan` passes through aggregates in silence, so leave missing values out of both medians."""
    distance = np.abs(x - np.median(x))
    return distance > cut * 1.4826 * np.median(distance)


@misconception
def upper_side_only(x, cut=3.5):
    """Values far below the median are not marked.

    Without the absolute value a difference is only large on the upper side. Typing errors go both ways."""
    deviation = 1.4826 * np.nanmedian(np.abs(x - np.nanmedian(x)))
    return x - np.nanmedian(x) > cut * deviation


@misconception
def factor_forgotten(x, cut=3.5):
    """Too much is marked: the MAD has been used without its factor.

    Half of normal data lie within 0.67 standard deviations of the center, so the bare MAD is only 0.67 of a
    deviation. The factor 1.4826 brings it to scale, so that a cut of 3.5 means what it means for deviations."""
    distance = np.abs(x - np.nanmedian(x))
    return distance > cut * np.nanmedian(distance)


@misconception
def missing_marked(x, cut=3.5):
    """Missing values are marked as outliers.

    `~(distance <= limit)` is not the same as `distance > limit`: a missing value fails both comparisons, and `~`
    turns its false into true."""
    distance = np.abs(x - np.nanmedian(x))
    return ~(distance <= cut * 1.4826 * np.nanmedian(distance))


@behaviour("a worse error changes nothing for the others")
def error_grows(student, rng):
    """If the typing error is ten times as large, it is still one outlier and the others are as ordinary as before. A
    rule whose yardstick grows with the error does not have that property."""
    x = np.append(rng.uniform(9, 11, size=9), 300.0)
    worse = np.append(x[:-1], 3e6)
    before, after = student.outliers(x), student.outliers(worse)
    if not np.array_equal(before, after):
        fail("Making the one error larger changes which values are marked.", case=worse, expected=before, actual=after)
