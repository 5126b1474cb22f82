"""nearest_mean(train_X, train_y, X): on real digits, with labels that are not positions."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def examples(train_X, train_y, X):
    return len(train_X) == len(train_y) >= 1 and len(X) >= 1 and train_X.shape[1:] == X.shape[1:] and X.shape[1] >= 1


@cache
def _digits():
    """What `load_digits()` holds, read without importing scikit-learn, which would take a second."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    table = np.loadtxt(folder / "digits.csv.gz", delimiter=",")
    return table[:, :64], table[:, 64].astype(np.int64)


@cases
def digits_and_points(rng):
    """A few points with an outlier that pulls a mean, a tie, then real digits of four classes, shuffled."""
    low, middle, high = sorted(int(k) for k in rng.choice(np.arange(3, 60), size=3, replace=False))
    line = np.array([[0.0, 0.0], [0.5, 1.0], [9.0, 1.0], [9.0, 4.0], [10.0, 4.0], [20.0, 1.0], [21.0, 0.0]])
    names = np.array([high, high, high, middle, middle, low, low])
    new = np.array([[4.5, 1.0], [9.0, 2.0], [20.0, 0.0], [10.0, 8.0], [0.0, -1.0]])
    order = rng.permutation(len(line))
    yield line[order] + rng.normal(0, 0.01, size=line.shape), names[order], new
    yield np.array([[4.0], [0.0], [8.0]]), np.array([high, middle, low]), np.array([[2.0], [6.0], [4.0]])
    images, labels = _digits()
    chosen = rng.choice(np.arange(1, 10), size=4, replace=False)
    rows = rng.permutation(np.flatnonzero(np.isin(labels, chosen)))
    yield images[rows[:90]], labels[rows[:90]], images[rows[90:130]]


def _means(train_X, train_y):
    classes = np.unique(train_y)
    return classes, np.stack([train_X[train_y == label].mean(axis=0) for label in classes])


def _sqdist(A, B):
    return ((A[:, None, :] - B) ** 2).sum(axis=2)


@misconception
def positions(train_X, train_y, X):
    """You returned positions, not labels.

    `argmin` answers *which place* in the array of means is nearest. It looks like a label as long as the labels
    happen to be 0, 1, 2, …. Look the label up in the array of classes."""
    _, means = _means(train_X, train_y)
    return _sqdist(X, means).argmin(axis=1)


@misconception
def nearest_row(train_X, train_y, X):
    """Each new row got the label of the nearest single training row.

    That is the nearest-neighbor method, a good one, which unit 2.4 takes up. It keeps every row and is at the mercy
    of an odd one. Here each class is summed up by its mean, and only the means are compared."""
    order = np.argsort(train_y, kind="stable")
    return train_y[order][_sqdist(X, train_X[order]).argmin(axis=1)]


@misconception
def sums_for_means(train_X, train_y, X):
    """The class's rows were added up, not averaged.

    The sum of ninety images is ninety times as bright as one, so it is far from every image, and the class with the
    fewest rows wins. Divide by the number of rows."""
    classes = np.unique(train_y)
    sums = np.stack([train_X[train_y == label].sum(axis=0) for label in classes])
    return classes[_sqdist(X, sums).argmin(axis=1)]


@misconception
def one_number_per_class(train_X, train_y, X):
    """Each class was summed up by a single number, its mean brightness.

    `mean()` without an axis averages over rows and features at once. It broadcasts against every feature, so nothing
    fails. A class mean has d features, like a row: average over the rows only."""
    classes = np.unique(train_y)
    means = np.array([train_X[train_y == label].mean() for label in classes])
    return classes[((X[:, None, :] - means[:, None]) ** 2).sum(axis=2).argmin(axis=1)]


@misconception
def farthest(train_X, train_y, X):
    """You took the class whose mean is farthest away.

    `argmax` is right for scores and similarities, where more is better. Of distances you want the smallest."""
    classes, means = _means(train_X, train_y)
    return classes[_sqdist(X, means).argmax(axis=1)]


@misconception
def one_row_per_class(train_X, train_y, X):
    """There is one answer per class, not one per row of `X`.

    The table of distances has shape `(m, K)`. `axis=0` uses up the m rows and tells which row is nearest to each class:
    another question. Use up the classes, `axis=1`."""
    classes, means = _means(train_X, train_y)
    nearest = _sqdist(X, means).argmin(axis=0)
    return nearest.astype(np.int64)


@behaviour("the order of the training rows does not matter")
def order_of_rows(student, rng):
    """A mean does not know the order of what it averages. If the answer changes with the order of the training rows,
    the labels and the rows have come apart, or only some of the rows are used."""
    images, labels = _digits()
    rows = rng.choice(len(images), size=80, replace=False)
    train, new = rows[:60], rows[60:]
    shuffled = rng.permutation(train)
    before = student.nearest_mean(images[train], labels[train], images[new])
    after = student.nearest_mean(images[shuffled], labels[shuffled], images[new])
    if not np.array_equal(before, after):
        fail(
            "With the training rows shuffled, the answers change.",
            case="60 digits, shuffled",
            expected=before,
            actual=after,
        )


@behaviour("each new row is judged on its own")
def one_at_a_time(student, rng):
    """What a row is read as must not depend on which other rows are asked about at the same time. If it does, something
    was computed over the batch, such as its mean."""
    images, labels = _digits()
    rows = rng.choice(len(images), size=64, replace=False)
    train, new = rows[:60], rows[60:]
    together = student.nearest_mean(images[train], labels[train], images[new])
    alone = [student.nearest_mean(images[train], labels[train], images[i : i + 1])[0] for i in new]
    if list(together) != alone:
        fail(
            "Asked about one at a time, the rows get other labels.",
            case="4 digits",
            expected=alone,
            actual=list(together),
        )
