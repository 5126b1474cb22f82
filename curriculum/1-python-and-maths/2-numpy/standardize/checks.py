"""standardize(X): each column with mean 0 and population deviation 1; a constant column becomes 0."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def has_rows_and_columns(X):
    return X.ndim == 2 and X.shape[0] >= 2 and X.shape[1] >= 1 and bool(np.isfinite(X).all())


@cases
def tables(rng):
    """Never square, so that rows and columns cannot be confused; constant columns hold whole numbers."""
    d = int(rng.integers(2, 5))
    yield rng.normal(5, 3, size=(d + int(rng.integers(1, 20)), d)) * 10.0 ** rng.integers(-2, 3, size=d)
    yield rng.normal(-4, 2, size=(4, 6))
    yield np.column_stack([rng.normal(size=6), np.full(6, 7.0), np.full(6, -7.0)])[:, rng.permutation(3)]
    integers = rng.integers(-9, 10, size=(7, 3))
    integers[:2] = [[-9, 0, 3], [9, 5, -4]]
    yield integers


@misconception
def sample_deviation(X):
    """Each column's spread is slightly too small.

    You divided by the *sample* deviation (`ddof=1`, what pandas does), which is larger. Here each column's spread is
    over the rows you have, so use the population deviation, which is what NumPy's `std` computes unless told
    otherwise."""
    deviation = X.std(axis=0, ddof=1)
    return (X - X.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)


@misconception
def sample_deviation_and_nan(X):
    """Each column's spread is slightly too small, and a column that never changes becomes `nan`.

    You divided by the *sample* deviation (`ddof=1`, what pandas does), which is larger than the population deviation
    that is asked for. And a deviation of 0 must not be divided by: 0 / 0 is not a number."""
    with np.errstate(all="ignore"):
        return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


@misconception
def whole_table(X):
    """The columns do not have mean 0 each: only the table as a whole does.

    `X.mean()` and `X.std()` give one number for the whole table. A column in millions then drowns a column in
    meters. Each column needs its own mean and its own deviation."""
    deviation = X.std()
    return (X - X.mean()) / (deviation if deviation else 1.0)


@misconception
def rows(X):
    """The rows are standardized, not the columns.

    `axis=1` runs along each row, so it mixes different features of one example. It is tempting to read `axis=1` as "per
    column"; the axis you name is the one that is used up. A feature is a column: run down it."""
    deviation = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(deviation == 0, 1.0, deviation)


@misconception
def constant_column_divided_by_zero(X):
    """A column that never changes becomes `nan`.

    Its deviation is 0, and 0 / 0 is not a number. One such column poisons every later sum, so it needs a rule of
    its own: it becomes all zeros."""
    with np.errstate(all="ignore"):
        return (X - X.mean(axis=0)) / X.std(axis=0)


@misconception
def divided_by_variance(X):
    """The columns have mean 0, but their deviation is not 1.

    You divided by the variance. It is in squared units: a column in meters becomes one in 1/meters. Its square root,
    the standard deviation, is in the column's own units, and these cancel."""
    variance = X.var(axis=0)
    return (X - X.mean(axis=0)) / np.where(variance == 0, 1.0, variance)


@misconception
def not_divided(X):
    """The columns have mean 0, but each keeps its own spread.

    Subtracting the mean is half of the work. A column measured in millions still outweighs one in meters until each is
    divided by its deviation."""
    return X - X.mean(axis=0)


@misconception
def to_zero_and_one(X):
    """Each column runs from 0 to 1: that is min-max scaling.

    It depends on the two most extreme rows alone, so one outlier squeezes all the others together. Standardizing means
    mean 0 and deviation 1."""
    low, span = X.min(axis=0), np.ptp(X, axis=0)
    return (X - low) / np.where(span == 0, 1, span)


@behaviour("the units of the input do not matter")
def shift_and_scale(student, rng):
    """Adding a number to a column, or measuring it in another unit, must not change the result. That is what
    standardizing is for."""
    X = rng.normal(size=(8, 3))
    scaled = X * [1.0, 10.0, 0.5] + [0.0, 100.0, -3.0]
    before, after = student.standardize(X), student.standardize(scaled)
    if not np.allclose(before, after, atol=1e-6):
        fail("Measured in other units, the same data give another answer.", case=scaled, expected=before, actual=after)
