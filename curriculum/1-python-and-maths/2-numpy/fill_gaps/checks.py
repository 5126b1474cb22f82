"""fill_gaps(X): gaps become the column's mean over what is known; empty columns become 0; X is left alone."""

import numpy as np

from gradus.checks import cases, misconception, valid


@valid
def a_float_table(X):
    return X.ndim == 2 and X.shape[0] >= 1 and X.shape[1] >= 1 and X.dtype.kind == "f" and not np.isinf(X).any()


@cases
def tables(rng):
    """More rows than columns or fewer, columns of different size, at least one gap in each table."""
    for n, d in ((7, 3), (3, 5)):
        X = rng.normal(size=(n, d)) + 10.0 * rng.permutation(d) + 2.0
        X[rng.integers(0, n, size=d - 1), np.arange(1, d)] = np.nan
        yield X
    X = rng.integers(1, 9, size=(6, 4)).astype(float)
    X[:5, 1] = np.nan
    X[2:4, 3] = np.nan
    yield X
    empty = X.copy()
    empty[:, 2] = np.nan
    yield empty
    yield np.array([[np.nan, 3.0]])
    yield rng.normal(size=(3, 2))


def _filled(X, fill):
    return np.where(np.isnan(X), fill, X)


def _mean(X, axis=0):
    known = ~np.isnan(X)
    return np.where(known, X, 0.0).sum(axis=axis) / np.maximum(known.sum(axis=axis), 1)


@misconception
def gaps_remain(X):
    """The gaps are still there.

    Two ideas lead here. `X == np.nan` is `False` everywhere, as `nan` is not equal even to itself. And `X.mean(axis=0)`
    is `nan` for every column with a gap, as one `nan` poisons the whole sum, so `nan` is replaced by `nan`. Find gaps
    with `np.isnan`, and average only what is known."""
    return X.copy()


@misconception
def gaps_counted_as_zero(X):
    """The means are too small: each gap was counted as a 0.

    Turning `nan` into 0 first (`np.nan_to_num`) makes the sum work, but the division is still by all n rows. Divide by
    the number of values the column has."""
    return _filled(X, np.nan_to_num(X).mean(axis=0))


@misconception
def zeros(X):
    """The gaps became 0, not the column's mean.

    Zero is seldom a likely value: for a column around 50 it is an outlier, and the column's mean shifts. The mean of
    what is known leaves it where it was."""
    return _filled(X, 0.0)


@misconception
def one_mean_for_all(X):
    """Every gap got the same number, the mean of the whole table.

    Without `axis`, a mean runs over all the columns at once and mixes their units. Each column needs its own mean."""
    return _filled(X, _mean(X, axis=None))


@misconception
def row_means(X):
    """The gaps were filled with the mean of their row.

    `axis=1` runs along each row and mixes one example's age with its income. Run down the column: `axis=0`."""
    return _filled(X, _mean(X, axis=1)[:, None])


@misconception
def rows_dropped(X):
    """Rows with a gap are gone.

    With a few gaps in each of many columns, hardly any row is complete, and the rest of each row was good data. Keep
    every row and fill."""
    return X[~np.isnan(X).any(axis=1)]


@misconception
def median(X):
    """The gaps got the column's median.

    That is often the better repair, as outliers do not move it. Here the mean is asked for."""
    empty = np.isnan(X).all(axis=0)
    fill = np.zeros(X.shape[1])
    fill[~empty] = np.nanmedian(X[:, ~empty], axis=0)
    return _filled(X, fill)


@misconception
def empty_column_is_nan(X):
    """A column without any value is still `nan`.

    The mean of nothing is 0 / 0. `np.nanmean` warns about it and returns `nan`. Such a column needs a rule of its own:
    here it becomes all zeros."""
    with np.errstate(all="ignore"):
        return _filled(X, np.where(np.isnan(X).all(axis=0), np.nan, _mean(X)))
