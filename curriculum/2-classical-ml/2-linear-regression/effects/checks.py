"""effects(X, y): coefficient times the column's deviation; independent of units, 0 for a constant column."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@valid
def determined(X, y):
    if X.ndim != 2 or X.shape[1] < 1 or y.shape != (len(X),) or len(X) <= X.shape[1]:
        return False
    centered = X - X.mean(axis=0)
    return np.linalg.matrix_rank(centered) == np.count_nonzero(np.ptp(X, axis=0))


@cache
def _diabetes():
    """442 patients, ten measurements in their own units. Read without importing scikit-learn, which would take time."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    return tuple(np.loadtxt(folder / f"diabetes_{name}.csv.gz") for name in ("data_raw", "target"))


def _data(rng, n, d):
    """Columns whose coefficients and deviations rank them differently, correlated, not centered."""
    scale = rng.permutation(10.0 ** np.arange(-1, d - 1))
    common = rng.normal(size=(n, 1))
    X = (rng.normal(size=(n, d)) + 0.7 * common + rng.uniform(2, 4, size=d)) * scale
    return X, X @ (rng.uniform(1, 3, size=d) * rng.choice([-1.0, 1.0], size=d) / scale) + 5 + rng.normal(size=n)


CLOSE = compare.close(rtol=1e-5, atol=1e-8)


@cases(compare=CLOSE)
def tables(rng):
    for d in (1, 2, 3):
        yield _data(rng, d + int(rng.integers(5, 20)), d)
    X, y = _data(rng, 10, 2)
    yield np.column_stack([X[:, 0], np.full(10, 4.0), X[:, 1]]), y
    yield rng.permutation(np.arange(24)).reshape(8, 3), rng.integers(20, 60, size=8)


@cases(compare=CLOSE)
def patients(rng):
    X, y = _diabetes()
    rows = rng.permutation(len(y))[:50]
    columns = rng.permutation(10)[:4]
    yield X[np.ix_(rows, columns)], y[rows]


def _fit(X, y):
    """Coefficients per unit; 0 for a constant column."""
    w = np.zeros(X.shape[1])
    moving = np.ptp(X, axis=0) > 0
    columns = X[:, moving] - X[:, moving].mean(axis=0)
    w[moving] = np.linalg.lstsq(columns, y, rcond=None)[0]
    return w


def _alone(X, y):
    """The effect of each column in a model of its own."""
    deviation = X.std(axis=0)
    return (X - X.mean(axis=0)).T @ (y - y.mean()) / len(y) / np.where(deviation == 0, 1, deviation)


@misconception
def raw_coefficients(X, y):
    """These are the coefficients per unit, and the units decide which is largest.

    A column in thousands needs a coefficient a thousand times smaller for the same effect. A unit is a choice of
    whoever wrote the table down; one deviation is how much the patients really differ."""
    return _fit(X, y)


@misconception
def divided_by_deviation(X, y):
    """The coefficients were divided by the deviations, which makes the units count twice.

    A coefficient is in units of `y` *per* unit of the column. One deviation is so many units: the two are
    multiplied."""
    deviation = X.std(axis=0)
    return _fit(X, y) / np.where(deviation == 0, 1, deviation)


@misconception
def sample_deviation(X, y):
    """Each effect is slightly too large.

    You used the *sample* deviation (`ddof=1`, what pandas does). The task asks for the population deviation."""
    return _fit(X, y) * X.std(axis=0, ddof=1)


@misconception
def without_units(X, y):
    """The effects have no units: `y` was standardized, too.

    Those are beta weights. They rank the columns in the same order, but "0.3 deviations of the outcome" tells a
    doctor less than "14 points"."""
    return _fit(X, y) * X.std(axis=0) / y.std()


@misconception
def one_at_a_time(X, y):
    """Each column was fitted alone.

    Its effect then includes those of all columns that move along with it. "The others stay" is what the joint model is
    for."""
    return _alone(X, y)


@misconception
def correlations(X, y):
    """You give the correlation of each column with `y`.

    It looks at one column at a time, and it says how tight the relation is, not how large the effect."""
    deviation = X.std(axis=0)
    return _alone(X, y) / np.where(deviation == 0, 1, y.std())


@misconception
def no_intercept(X, y):
    """The model has no intercept, so the columns' means matter.

    A plane forced through the origin needs other slopes. Center the columns or add a column of ones."""
    return np.linalg.lstsq(X, y, rcond=None)[0] * X.std(axis=0)


@misconception
def absolute(X, y):
    """The signs are missing.

    For a ranking the size is enough. But whether a measurement raises or lowers the prediction is half of the
    answer."""
    return np.abs(_fit(X, y) * X.std(axis=0))


@misconception
def whole_range(X, y):
    """You let each column run through its whole range, not through one deviation.

    Two unusual patients, the smallest and the largest, would then decide how large an effect looks."""
    return _fit(X, y) * np.ptp(X, axis=0)


@misconception
def times_mean(X, y):
    """You multiplied each coefficient with its column's mean.

    That is what the column contributes to an average prediction, measured from 0. How much it *matters* depends on how
    much it varies: a column that is always near 100 may decide nothing."""
    return _fit(X, y) * X.mean(axis=0)


@behaviour("other units give the same effects")
def units(student, rng):
    """Meters or feet, Celsius or Fahrenheit: one deviation is the same step in all of them, so the effect of that
    step on the prediction is the same as well. Tried on real patients."""
    X, y = _diabetes()
    rows = rng.permutation(len(y))[:60]
    X, y = X[np.ix_(rows, [2, 3, 8])], y[rows]
    moved = X * [1000.0, 0.01, 1.8] + [0.0, 0.0, 32.0]
    before, after = np.asarray(student.effects(X, y)), np.asarray(student.effects(moved, y))
    if not np.allclose(before, after, rtol=1e-4, atol=1e-6):
        fail("In other units you report other effects.", case=moved[:4], expected=before, actual=after)
