"""repair_cv(X, y, folds, columns, neighbors): each step fitted without the fold that is predicted."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def every_class_everywhere(X, y, folds, columns, neighbors):
    if X.ndim != 2 or not len(X) == len(y) == len(folds) or not 1 <= columns <= X.shape[1] or neighbors < 1:
        return False
    for fold in np.unique(folds):
        inside = folds == fold
        counts = np.unique(y[~inside], return_counts=True)[1]
        if len(counts) < 2 or counts.min() < 2 or inside.sum() == len(y) or (~inside).sum() <= neighbors:
            return False
        if (np.ptp(X[~inside], axis=0) == 0).any():
            return False
    return bool(np.isfinite(X).all())


def _table(rng, n, d, k=2):
    """Columns of different units and a weak signal; in each fold and column one row lies far out."""
    y = rng.permutation(np.arange(n) % 2)
    folds = rng.permutation(np.arange(n) % k)
    X = rng.normal(size=(n, d)) + 0.4 * y[:, None]
    for fold in range(k):
        rows = rng.choice(np.flatnonzero(folds == fold), size=d)
        X[rows, np.arange(d)] += rng.choice([-1, 1], size=d) * 10.0 ** rng.uniform(0, 2, size=d)
    return X * 10.0 ** rng.integers(-1, 3, size=d), y + 3, folds


@cases
def tables(rng):
    """More columns than signal, so that choosing them with the held-out labels shows; folds of any size and order."""
    X, y, folds = _table(rng, 40, 9)
    yield X, y, 2 * folds + 5, 2, 1
    X, y, folds = _table(rng, 33, 5, 3)
    yield X, np.where(y == 3, 8, 2), np.sort(folds), 3, 3


def _zscores(train, rows):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (rows - mean) / deviation


def _best(X, y, columns):
    """The columns with the highest F, as `SelectKBest(f_classif)` keeps them."""
    names = np.unique(y)
    within = sum(((X[y == name] - X[y == name].mean(axis=0)) ** 2).sum(axis=0) for name in names)
    between = ((X - X.mean(axis=0)) ** 2).sum(axis=0) - within
    with np.errstate(all="ignore"):
        scores = np.nan_to_num(between / within, nan=-1.0)
    return np.sort(np.argsort(scores, kind="stable")[-columns:])


def _neighbors(train, labels, rows, k):
    distance = ((rows[:, None] - train) ** 2).sum(axis=2)
    near = labels[np.argsort(distance, axis=1, kind="stable")[:, :k]]  # (m, k)
    names = np.unique(labels)
    return names[(near[:, :, None] == names).sum(axis=1).argmax(axis=1)]


def _cross_validated(X, y, folds, columns, neighbors, scale, choose):
    """Every row predicted without its fold; `scale` and `choose` say on which rows these steps are fitted."""
    predicted = np.empty_like(y)
    for fold in np.unique(folds):
        inside = folds == fold
        train, rows = scale(X, ~inside, inside)
        kept = choose(X, y, ~inside, columns)
        predicted[inside] = _neighbors(train[:, kept], y[~inside], rows[:, kept], neighbors)
    return predicted


def _honest_scale(X, train, test):
    return _zscores(X[train], X[train]), _zscores(X[train], X[test])


def _leaky_scale(X, train, test):
    Z = _zscores(X, X)
    return Z[train], Z[test]


def _honest_choice(X, y, train, columns):
    return _best(X[train], y[train], columns)


def _leaky_choice(X, y, train, columns):
    return _best(X, y, columns)


@misconception
def still_leaking(X, y, folds, columns, neighbors):
    """The scaler and the choice of columns still see every row before the first split.

    `cross_val_predict` can only keep apart what it fits itself. What happened before the call, happened to all rows.
    Hand over the three steps as one model."""
    return _cross_validated(X, y, folds, columns, neighbors, _leaky_scale, _leaky_choice)


@misconception
def scaler_still_outside(X, y, folds, columns, neighbors):
    """The columns are now chosen within each fold, but the scaler still sees every row.

    It uses no labels, so its leak is smaller, and on many data sets invisible. One extreme row in the test fold is
    enough to shift and shrink a whole column for the training rows."""
    return _cross_validated(X, y, folds, columns, neighbors, _leaky_scale, _honest_choice)


@misconception
def selection_still_outside(X, y, folds, columns, neighbors):
    """The scaler is now fitted within each fold, but the columns are still chosen with all labels.

    That is the worse half of the leak. Of enough columns of noise some agree with the labels by luck, test labels
    included, and those are the ones that are kept: the score then measures the luck."""
    return _cross_validated(X, y, folds, columns, neighbors, _honest_scale, _leaky_choice)


@misconception
def test_rows_scaled_by_themselves(X, y, folds, columns, neighbors):
    """The rows of each test fold are scaled by their own mean and deviation.

    You fitted the scaler a second time, on the test rows. Nothing leaks into training, but the two parts now have
    different units, and a single new row would always become 0. The test rows must be put through what was *fitted* in
    training: transform them, do not fit."""

    def scale(X, train, test):
        return _zscores(X[train], X[train]), _zscores(X[test], X[test])

    return _cross_validated(X, y, folds, columns, neighbors, scale, _honest_choice)


@misconception
def predicts_training_rows(X, y, folds, columns, neighbors):
    """Each row is predicted by a model that was fitted on it.

    Fitting the three steps once on all rows and predicting the same rows is what cross-validation is there to avoid:
    with one neighbor each row finds itself. Predict each fold by a model that was fitted on the others."""
    Z = _zscores(X, X)[:, _best(X, y, columns)]
    return _neighbors(Z, y, Z, neighbors)


@misconception
def not_scaled(X, y, folds, columns, neighbors):
    """The columns are not scaled any more.

    Dropping the leaking step repairs the leak and loses the step. Distances are then ruled by the column with the
    largest unit. It has to stay, fitted on the training folds."""

    def scale(X, train, test):
        return X[train], X[test]

    return _cross_validated(X, y, folds, columns, neighbors, scale, _honest_choice)


@misconception
def not_chosen(X, y, folds, columns, neighbors):
    """All columns are used: the choice is gone.

    Dropping the leaking step repairs the leak and loses the step. It has to stay, fitted on the training folds."""
    return _cross_validated(X, y, folds, columns, neighbors, _honest_scale, lambda X, *_: np.arange(X.shape[1]))


@behaviour("what is held out has no part in the predictions of its fold")
def held_out_edit(student, rng):
    """In one fold, some rows were overwritten with large noise and all labels were exchanged, and predictions of its
    *other*
    rows changed. Their model is fitted on the other folds, where nothing happened. So something was fitted on held-out
    rows."""
    X, y, folds = _table(rng, 36, 12)
    held_out = np.flatnonzero(folds == 1)
    noisy, rest = held_out[:4], held_out[4:]
    edited = X.copy()
    edited[noisy] = rng.normal(0, 1000, size=(4, 12))
    before = np.asarray(student.repair_cv(X, y, folds, 2, 1))[rest]
    after = np.asarray(student.repair_cv(edited, np.where(folds == 1, 7 - y, y), folds, 2, 1))[rest]
    if not np.array_equal(before, after):
        fail("Noise in some held-out rows changes the predictions of others.", expected=before, actual=after)
