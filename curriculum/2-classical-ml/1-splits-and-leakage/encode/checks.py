"""encode(category, y, folds, other): target means that a row's own label, and its fold's, have no part in."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def two_folds(category, y, folds, other):
    lengths = len(category) == len(y) == len(folds) >= 2
    return lengths and len(np.unique(folds)) >= 2 and len(other) >= 1 and bool(np.isfinite(y).all())


@cases
def tables(rng):
    """Folds of unequal sizes; categories that occur once, in one fold only, and never; fold and category in any
    order."""
    names = rng.choice(np.arange(20, 90), size=6, replace=False)
    for n, k in ((24, 3), (17, 2), (30, 5)):
        category = rng.choice(names[:4], size=n, p=[0.5, 0.3, 0.15, 0.05])
        folds = rng.integers(0, k, size=n)
        folds[:2], category[:2] = [0, 1], names[4]
        folds[2], category[2] = 1, names[5]
        order = rng.permutation(n)
        y = np.round(rng.normal(5, 2, size=n), 2)
        yield category[order], y[order], 4 + 2 * folds[order], np.append(rng.permutation(names), 7)
    y = rng.integers(0, 2, size=20)
    y[:2] = [0, 1]
    yield rng.integers(0, 4, size=20), y, np.arange(20) % 4, np.array([3, 0, 9, 9, 2, 1])
    yield np.arange(6), np.array([0, 1, 1, 0, 1, 1]), np.array([2, 2, 2, 0, 0, 0]), np.array([4, 99])


def _means(category, y, wanted, otherwise=None):
    otherwise = y.mean() if otherwise is None else otherwise
    return np.array([y[category == name].mean() if (category == name).any() else otherwise for name in wanted], float)


def _by_fold(category, y, folds, encode_fold):
    encoded = np.empty(len(y))
    for fold in np.unique(folds):
        inside = folds == fold
        encoded[inside] = encode_fold(inside)
    return encoded


@misconception
def own_label_included(category, y, folds, other):
    """Each training row's own label is in its encoding.

    You took the mean over all rows of the category. A category with one row becomes that row's label, so the column
    tells the answer in training and nothing in use: in this unit's lesson, columns of pure noise then look like a
    good model. The row's fold must have no part in the mean."""
    return _means(category, y, category), _means(category, y, other)


@misconception
def leave_one_out(category, y, folds, other):
    """Each training row is encoded by all other rows, those of its own fold included.

    Leaving out only the row itself looks careful, and turns the leak round: within a category the rows with label 1 get
    a smaller mean than those with label 0, by exactly their own label, and a tree reads it off. Leave out the whole
    fold."""
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = np.arange(len(y)) != i
        encoded[i] = _means(category[others], y[others], category[i : i + 1])[0]
    return encoded, _means(category, y, other)


@misconception
def only_own_fold(category, y, folds, other):
    """Each training row is encoded by rows of its *own* fold.

    The mask is the wrong way round: these are the rows that must not be used, the row itself among them."""
    encoded = _by_fold(category, y, folds, lambda inside: _means(category[inside], y[inside], category[inside]))
    return encoded, _means(category, y, other)


@misconception
def overall_mean_of_all_rows(category, y, folds, other):
    """Where a category does not occur in the other folds, the row's own fold decides.

    The fallback is a mean of labels, too. Taken over all rows it contains the row's own label. The leak is small, and
    it sits in the rare categories, where nobody looks. Take it over the other folds."""

    def one(inside):
        return _means(category[~inside], y[~inside], category[inside], y.mean())

    return _by_fold(category, y, folds, one), _means(category, y, other)


@misconception
def unknown_becomes_zero(category, y, folds, other):
    """A category without rows becomes 0.

    0 is a claim: that this category has the smallest target there is. Of a category that was never seen nothing is
    known but the overall mean."""

    def one(inside):
        return _means(category[~inside], y[~inside], category[inside], 0.0)

    return _by_fold(category, y, folds, one), _means(category, y, other, 0.0)


@misconception
def unknown_becomes_nan(category, y, folds, other):
    """A category without rows becomes `nan`.

    The mean of no rows is not a number, and most models refuse it. Of a category that was never seen the overall mean
    is known."""

    def one(inside):
        return _means(category[~inside], y[~inside], category[inside], np.nan)

    return _by_fold(category, y, folds, one), _means(category, y, other, np.nan)


@misconception
def mean_of_fold_means(category, y, folds, other):
    """The rows that are not training rows get the mean of what the training rows were given.

    Averaging the out-of-fold encodings is not the mean of the target: a fold's rows were encoded by the others, and
    folds differ in size. For rows without a fold nothing has to be kept apart, so all training rows count, once
    each."""
    encoded = _by_fold(category, y, folds, lambda inside: _means(category[~inside], y[~inside], category[inside]))
    return encoded, _means(category, encoded, other, y.mean())


@misconception
def shares_for_means(category, y, folds, other):
    """The encodings are how frequent a category is, not what its target is.

    Counting rows is frequency encoding. It uses no labels, so it leaks nothing of them, and says nothing of them. The
    mean of `y` over the rows is asked for."""

    def one(inside):
        return np.array([(category[~inside] == name).mean() for name in category[inside]])

    return _by_fold(category, y, folds, one), np.array([(category == name).mean() for name in other])


@behaviour("a fold's labels have no part in the encoding of its rows")
def own_fold_unused(student, rng):
    """The labels of one fold were changed, and the encodings of that fold's own rows changed with them. In use a row
    comes
    without its label: an encoding that moves with it holds something that will not be there."""
    n = 18
    category, folds = rng.integers(0, 3, size=n), rng.permutation(np.arange(n) % 3)
    y = rng.normal(size=n)
    edited = np.where(folds == 1, y + rng.normal(3, 1, size=n), y)
    other = np.array([0])
    before, after = student.encode(category, y, folds, other)[0], student.encode(category, edited, folds, other)[0]
    inside = folds == 1
    if not np.allclose(np.asarray(before)[inside], np.asarray(after)[inside]):
        fail("Other labels in fold 1 change the encoding of the rows in fold 1.", case=(category, edited, folds, other))
