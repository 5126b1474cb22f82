"""summary(x): n, missing, mean, sample deviation, min, median, max of the values that are there."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def has_two_values(x):
    return x.ndim == 1 and np.count_nonzero(~np.isnan(x)) >= 2


def with_gaps(rng, x, gaps):
    x = x.copy()
    x[rng.choice(len(x), size=gaps, replace=False)] = np.nan
    return x


@cases
def columns(rng):
    """Small and skewed columns, even and odd in number, negative values, with and without gaps."""
    yield rng.normal(3, 2, size=5)
    yield rng.exponential(10, size=int(rng.integers(10, 40)))
    yield with_gaps(rng, rng.normal(-50, 10, size=int(rng.integers(8, 20))), gaps=3)
    yield with_gaps(rng, rng.lognormal(1, 1, size=9), gaps=2)
    yield with_gaps(rng, rng.integers(0, 5, size=8).astype(float), gaps=4)


@misconception
def population_deviation(x):
    """`std` is a little too small; every other number is right.

    NumPy's `std` divides by n unless told otherwise; the sample deviation divides by n - 1, as pandas does. With 5
    values that is 12 % apart, with 5,000 nobody sees it, and that is why the mix-up lives so long."""
    values = x[~np.isnan(x)]
    return _numbers(values, x.size, np.std(values))


@misconception
def poisoned_by_a_gap(x):
    """One missing value turns the statistics into `nan`.

    A sum with `nan` in it is `nan`, so NumPy's `mean`, `std`, `min`, `median` and `max` all answer `nan`. It is an
    honest answer to a question you did not mean to ask: leave the missing values out first."""
    present = np.count_nonzero(~np.isnan(x))
    return _numbers(x, x.size, x.std(ddof=1)) | {"n": present, "missing": x.size - present}


@misconception
def gaps_as_zero(x):
    """Missing values have been counted as 0.

    Filling with 0 makes the `nan` go away and puts values into the column that nobody measured: the mean moves toward 0
    and the spread grows."""
    present = np.count_nonzero(~np.isnan(x))
    filled = np.nan_to_num(x)
    return _numbers(filled, x.size, filled.std(ddof=1)) | {"n": present, "missing": x.size - present}


@misconception
def rows_counted(x):
    """`n` counts every row, also those without a value.

    `len(x)` and `x.size` do not look at what is in a cell. The mean rests on the values that are there, and `n` is
    there to say on how many."""
    values = x[~np.isnan(x)]
    return _numbers(values, x.size, values.std(ddof=1)) | {"n": x.size}


@misconception
def unsorted_middle(x):
    """`median` is the value in the middle of the array, not the middle of the sorted values.

    The median splits the values into a lower and an upper half. As they arrive, they are in no such order."""
    values = x[~np.isnan(x)]
    half = values.size // 2
    middle = values[half] if values.size % 2 else (values[half - 1] + values[half]) / 2
    return _numbers(values, x.size, values.std(ddof=1)) | {"median": middle}


def _numbers(values, rows, std):
    return {
        "n": values.size,
        "missing": rows - values.size,
        "mean": values.mean(),
        "std": std,
        "min": values.min(),
        "median": np.median(values),
        "max": values.max(),
    }


@behaviour("another unit gives the same summary in that unit")
def change_of_unit(student, rng):
    """From Celsius to Fahrenheit, x becomes 1.8 x + 32. Center and extremes follow, the deviation is multiplied by
    1.8 and knows nothing of the 32, and the counts stay."""
    celsius = with_gaps(rng, rng.normal(15, 6, size=9).round(1), gaps=2)
    before, after = student.summary(celsius), student.summary(1.8 * celsius + 32)
    for key in ("mean", "min", "median", "max"):
        converted = 1.8 * before[key] + 32
        if not np.isclose(after[key], converted):
            fail(f"In Fahrenheit `{key}` is not the Celsius one converted.", expected=converted, actual=after[key])
    if not np.isclose(after["std"], 1.8 * before["std"]):
        fail("In Fahrenheit `std` is not 1.8 times the Celsius one.", expected=1.8 * before["std"], actual=after["std"])
    if after["n"] != before["n"] or after["missing"] != before["missing"]:
        fail("A change of unit has changed the counts.")
