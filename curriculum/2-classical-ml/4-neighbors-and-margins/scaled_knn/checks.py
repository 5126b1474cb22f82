"""ScaledKNN(k).fit(X, y).predict(Z): standardized by the training rows, for new rows alike, on real wines."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


def _sqdist(A, B):
    return ((A[:, None, :] - B) ** 2).sum(axis=2)


def _vote(rows, labels, Z, k):
    """The smallest of the most frequent labels among the k nearest, for each row of Z."""
    answers = []
    for row in _sqdist(Z, rows).argsort(axis=1, kind="stable")[:, :k]:
        names, counts = np.unique(labels[row], return_counts=True)
        answers.append(names[counts.argmax()])
    return np.array(answers)


def _ruler(X):
    deviation = X.std(axis=0)
    return X.mean(axis=0), np.where(deviation > 0, deviation, 1.0)


def fit_and_predict(submission, X, y, Z, k):
    model = submission.ScaledKNN() if k is None else submission.ScaledKNN(k)
    model.fit(X, y)
    return model.predict(Z)


@valid
def no_equal_distances(X, y, Z, k):
    if not (
        len(X) == len(y) >= (5 if k is None else k) >= 1
        and len(Z) >= 1
        and X.ndim == Z.ndim == 2
        and X.shape[1:] == Z.shape[1:]
    ):
        return False
    if X.shape[1] < 1:
        return False
    return _apart(X, y, Z)


@cache
def _wines():
    """Five columns of what `load_wine()` holds, read without importing scikit-learn, which would take a second."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    table = np.loadtxt(folder / "wine_data.csv", delimiter=",", skiprows=1)
    return table[:, [0, 1, 4, 9, 12]], table[:, -1].astype(np.int64)


def _distinct_wines(rng, train=45, new=12):
    X, y = _wines()
    while True:
        rows = rng.permutation(len(X))[: train + new]
        case = X[rows[:train]], y[rows[:train]], X[rows[train:]]
        if _apart(*case):
            return case


def _apart(X, y, Z):
    mean, scale = _ruler(X)
    distances = np.sort(_sqdist((Z - mean) / scale, (X - mean) / scale), axis=1)
    return bool((np.diff(distances, axis=1) > 1e-7).all())


def _units(rng, n=16, m=8):
    """Two columns: the second, in thousands, is noise; the new rows lie elsewhere and are less spread than the old."""
    y = rng.permutation(np.arange(n) % 2)
    X = np.column_stack([3.0 * y + rng.normal(0, 1.0, n), rng.normal(5000, 2000, n)])
    Z = np.column_stack([rng.uniform(0.3, 2.7, m), rng.normal(6000, 500, m)])
    return X, y * 4 + 3, Z


@cases(run=fit_and_predict)
def rulers(rng):
    for k in (1, 3):
        yield (*_units(rng), k)
    X, y, Z = _units(rng, n=15)
    yield np.column_stack([X, np.full(len(X), 7.0)]), y, np.column_stack([Z, np.full(len(Z), 9.0)]), 3
    yield (*_units(rng, n=12, m=1), 4)
    yield (*_distinct_wines(rng), None)
    X, y, Z = _units(rng, m=24)
    Z[::2, 0] += rng.choice([-30.0, 30.0], size=12)  # far out in the first column: no ruler should hear of them
    yield X, y, Z, 1


class _Base:
    def __init__(self, k=5):
        self.k = k

    def fit(self, X, y):
        self.X, self.y = X, y
        return self


@misconception
class Unscaled(_Base):
    """The column with the largest numbers decides alone.

    A difference of a few hundred in one column drowns a difference of two in another, whatever the two columns mean:
    change meters to millimeters, and the neighbors change. Shifting a column, or dividing the whole table by
    one number, moves no neighbor. Each column has to be divided by its own deviation."""

    def predict(self, Z):
        return _vote(self.X, self.y, Z, self.k)


@misconception
class EachSetByItself(_Base):
    """New rows are scaled with their own mean and deviation.

    Two equal rows, one old and one new, then land in different places, and a single new row becomes all zeros. The
    ruler belongs to the model: `fit` makes it, `predict` only uses it."""

    def predict(self, Z):
        mean, scale = _ruler(self.X)
        own_mean, own_scale = _ruler(Z)
        return _vote((self.X - mean) / scale, self.y, (Z - own_mean) / own_scale, self.k)


@misconception
class AllRowsTogether(_Base):
    """The ruler was made from old and new rows together.

    It looks like using more data. But then a prediction depends on which other rows are asked with it, and rows
    that are only to be predicted have shaped the model: a leak."""

    def predict(self, Z):
        mean, scale = _ruler(np.vstack([self.X, Z]))
        return _vote((self.X - mean) / scale, self.y, (Z - mean) / scale, self.k)


@misconception
class NewRowsUnscaled(_Base):
    """The training rows are scaled, the new ones are not.

    A raw value in the thousands is compared with standardized ones around 0. Whatever is done to the columns in `fit`
    has to be done to every row that comes later."""

    def predict(self, Z):
        mean, scale = _ruler(self.X)
        return _vote((self.X - mean) / scale, self.y, Z, self.k)


@misconception
class Variance(_Base):
    """You divided by the variance instead of the deviation.

    A variance is in squared units, so after the division a column in thousands has become a column in thousandths: the
    large units now count for nothing."""

    def predict(self, Z):
        mean, scale = self.X.mean(axis=0), self.X.var(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        return _vote((self.X - mean) / scale, self.y, (Z - mean) / scale, self.k)


@misconception
class EachRow(_Base):
    """Every row was scaled by itself, across its columns.

    That mixes alcohol with proline. A feature is a column: its mean and deviation run down the rows."""

    def predict(self, Z):
        def by_row(A):
            return (A - A.mean(axis=1, keepdims=True)) / A.std(axis=1, keepdims=True)

        return _vote(by_row(self.X), self.y, by_row(Z), self.k)


@behaviour("the units of a column do not matter")
def units(student, rng):
    """Measuring a column in another unit, in the training rows and in the new ones alike, must not change a single
    prediction. That is what the scaling is for."""
    X, y, Z = _distinct_wines(rng)
    unit = np.array([1.0, 1000.0, 0.01, 1.0, 60.0])
    before = fit_and_predict(student, X, y, Z, 3)
    after = fit_and_predict(student, X * unit, y, Z * unit, 3)
    if not np.array_equal(before, after):
        fail("In other units the same wines are classified differently.", case=unit, expected=before, actual=after)


@behaviour("one row alone is classified like the same row among others")
def alone(student, rng):
    """In use, rows come one at a time. If the answer for a row depends on the rows that are asked with it, something
    was computed from the new rows that should come from the training rows."""
    X, y, Z = _units(rng, n=20, m=10)
    model = student.ScaledKNN(3)
    model.fit(X, y)
    together = model.predict(Z)
    single = np.concatenate([np.atleast_1d(model.predict(Z[i : i + 1])) for i in range(len(Z))])
    if not np.array_equal(together, single):
        fail("Asked one at a time, the same rows get other labels.", case=Z, expected=together, actual=single)


@behaviour("a column that never changes does no harm")
def constant_column(student, rng):
    """Its deviation is 0, and 0 / 0 is `nan`. One such column makes every distance `nan`, and then the order of the
    neighbors is whatever the sorting makes of it."""
    X, y, Z = _units(rng)
    before = fit_and_predict(student, X, y, Z, 3)
    wider = fit_and_predict(student, np.insert(X, 1, 4.0, axis=1), y, np.insert(Z, 1, 4.0, axis=1), 3)
    if not np.array_equal(before, wider):
        fail("A column of fours changes the predictions.", expected=before, actual=wider)


@behaviour("`fit` returns the object")
def fit_returns_the_object(student, rng):
    """So that one can write `ScaledKNN().fit(X, y).predict(Z)`, as with every scikit-learn model, `fit` ends with
    `return self`."""
    X, y, _ = _units(rng)
    returned = student.ScaledKNN(3).fit(X, y)
    if returned is None or isinstance(
        returned, np.ndarray | np.generic | bool | int | float | str | tuple | list | dict
    ):
        fail(
            "`fit` does not return the object.",
            case="ScaledKNN(3).fit(X, y)",
            expected="the object itself",
            actual=returned,
        )


@behaviour("objects are separate, and fitting again starts anew")
def objects_are_separate(student, rng):
    """What an object has learned belongs to it: keep it on `self`. And a second `fit` forgets the first."""
    X, y, Z = _units(rng, m=12)
    one, other = student.ScaledKNN(1), student.ScaledKNN(1)
    one.fit(X, y)
    before = one.predict(Z)
    other.fit(X + 3.0, 10 - y)
    after = one.predict(Z)
    if not np.array_equal(before, after):
        fail("Fitting one object changes what another one predicts.", expected=before, actual=after)
    other.fit(X, y)
    again = other.predict(Z)
    if not np.array_equal(before, again):
        fail("Fitted a second time, an object predicts something else.", expected=before, actual=again)
