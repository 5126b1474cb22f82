"""standardize(X): each column with mean 0 and population deviation 1; a constant column becomes 0."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def has_rows_and_columns(X):
    return X.ndim == 2 and X.shape[0] >= 1 and X.shape[1] >= 1


@cases
def tables(rng):
    """Never square, so that rows and columns cannot be confused; constant columns hold whole numbers."""
    for _ in range(3):
        d = int(rng.integers(2, 5))
        n = d + int(rng.integers(1, 20))
        yield rng.normal(5, 3, size=(n, d)) * 10.0 ** rng.integers(-2, 3, size=d)
    yield np.column_stack([rng.normal(size=6), np.full(6, 7.0)])
    yield rng.integers(-9, 10, size=(7, 3))
    yield rng.normal(size=(1, 4)).round()


@misconception
def sample_deviation(X):
    """Each column's spread is slightly off.

    You divided by the *sample* deviation (`ddof=1`, what pandas does). Here each column's spread is over the rows
    you have, so use the population deviation, which is what NumPy's `std` computes unless told otherwise."""
    deviation = X.std(axis=0, ddof=1) if len(X) > 1 else np.zeros(X.shape[1])
    return (X - X.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)


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

    `axis=1` runs along each row, so it mixes different features of one example. A feature is a column: run down it."""
    deviation = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(deviation == 0, 1.0, deviation)


@misconception
def constant_column_divided_by_zero(X):
    """A column that never changes becomes `nan`.

    Its deviation is 0, and 0 / 0 is not a number. One such column poisons every later sum, so it needs a rule of
    its own: it becomes all zeros."""
    with np.errstate(all="ignore"):
        return (X - X.mean(axis=0)) / X.std(axis=0)


@behaviour("the scale of the input does not matter")
def shift_and_scale(student, rng):
    """Adding a number to a column, or measuring it in another unit, must not change the result."""
    X = rng.normal(size=(8, 3))
    before, after = student.standardize(X), student.standardize(X * [1.0, 10.0, 0.5] + [0.0, 100.0, -3.0])
    if not np.allclose(before, after, atol=1e-6):
        fail("Measured in other units, the same data gives another answer.", expected=before, actual=after)
