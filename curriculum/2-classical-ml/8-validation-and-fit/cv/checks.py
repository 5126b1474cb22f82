"""cv(make, X, y, folds): a new model for each fold, fitted on the other folds, scored on this one."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def two_folds(make, X, y, folds):
    return X.ndim == 2 and len(X) == len(y) == len(folds) and len(np.unique(folds)) >= 2


def nearest_row():
    """A model that predicts the label of the nearest row it has ever been shown."""
    seen_X, seen_y = [], []

    def fit(X, y):
        seen_X.extend(np.asarray(X, dtype=float))
        seen_y.extend(np.asarray(y, dtype=float))

    def predict(X):
        X = np.asarray(X, dtype=float)
        if not seen_X:
            return np.zeros(len(X))
        distance = ((X[:, None] - np.array(seen_X)) ** 2).sum(axis=2)
        return np.array(seen_y)[distance.argmin(axis=1)]

    return fit, predict


def overall_mean():
    """A model that predicts the mean of all labels it has ever been shown."""
    seen = []

    def fit(X, y):
        seen.extend(np.asarray(y, dtype=float))

    def predict(X):
        return np.full(len(X), np.mean(seen) if seen else 0.0)

    return fit, predict


@cases
def tables(rng):
    """Folds of unequal sizes, in any order, with numbers that are not positions."""
    for sizes in ([5, 3, 7], [4, 6]):
        folds = rng.permutation(np.repeat(rng.choice(np.arange(2, 60), size=len(sizes), replace=False), sizes))
        yield nearest_row, rng.normal(size=(len(folds), 2)), rng.normal(3, 2, size=len(folds)), folds
    yield overall_mean, rng.normal(size=(8, 3)), rng.integers(0, 9, size=8), np.repeat([2, 0, 1, 5], 2)


def _errors(folds, one):
    return np.array([one(folds == fold) for fold in np.unique(folds)])


def _fitted(make, X, y):
    fit, predict = make()
    fit(X, y)
    return predict


def _error(predict, X, y):
    return np.mean((predict(X) - y) ** 2)


@misconception
def one_model_for_all(make, X, y, folds):
    """From the second fold on, the model has already been fitted on the rows that it is asked to predict.

    You made one model and fitted it again and again. Many models start anew at each `fit`, which hides the mistake; one
    that goes on from where it stopped remembers the held-out rows of the fold before. A fold needs a model of its
    own."""
    fit, predict = make()

    def one(inside):
        fit(X[~inside], y[~inside])
        return _error(predict, X[inside], y[inside])

    return _errors(folds, one)


@misconception
def scored_on_training_rows(make, X, y, folds):
    """Each model is scored on the rows that it was fitted on.

    That is the training error, once for each fold. A model that memorizes gets 0, and tells you nothing of new rows."""
    return _errors(folds, lambda inside: _error(_fitted(make, X[~inside], y[~inside]), X[~inside], y[~inside]))


@misconception
def trained_on_the_fold(make, X, y, folds):
    """Each model is fitted on one fold and scored on all others.

    The mask is the wrong way round. Cross-validation gives the model most of the rows, so that it is nearly the model
    you will use in the end; here it gets the smallest part."""
    return _errors(folds, lambda inside: _error(_fitted(make, X[inside], y[inside]), X[~inside], y[~inside]))


@misconception
def fitted_on_everything(make, X, y, folds):
    """Each model has been fitted on all rows, its own fold included.

    Scoring by folds is only half of it: the held-out rows must also be left out of the fit."""
    return _errors(folds, lambda inside: _error(_fitted(make, X, y), X[inside], y[inside]))


@misconception
def root_taken(make, X, y, folds):
    """Your errors are the square roots of those asked for.

    The root of the mean squared error has the unit of `y` and is good to report. Asked for is the mean squared
    error."""
    return np.sqrt(_errors(folds, lambda inside: _error(_fitted(make, X[~inside], y[~inside]), X[inside], y[inside])))


@misconception
def absolute_errors(make, X, y, folds):
    """You averaged absolute errors, not squared ones.

    Both measure the distance from the truth. The square weighs one large error more than several small ones."""

    def one(inside):
        return np.mean(np.abs(_fitted(make, X[~inside], y[~inside])(X[inside]) - y[inside]))

    return _errors(folds, one)


@misconception
def order_of_appearance(make, X, y, folds):
    """The errors are those asked for, in the order in which the folds appear in the table.

    The order is by fold number, so that two models' errors can be set side by side, whatever the order of the rows."""
    errors = _errors(folds, lambda inside: _error(_fitted(make, X[~inside], y[~inside]), X[inside], y[inside]))
    return errors[np.argsort(np.unique(folds, return_index=True)[1])]


@misconception
def mean_of_the_folds(make, X, y, folds):
    """There is one number, the mean over the folds; asked for is one for each.

    The mean is what you report. How far the folds lie apart is what you look at first, and it is lost in the mean."""
    return _errors(folds, lambda inside: _error(_fitted(make, X[~inside], y[~inside]), X[inside], y[inside])).mean()


@behaviour("no model predicts a row that it was fitted on")
def held_out_rows_unseen(student, rng):
    """Every call of `fit` and `predict` was written down. A model was asked about a row that it had been fitted on.
    Such a
    row is not new to it, and its error says nothing about rows that are."""
    n = 12
    X, y, folds = np.column_stack([np.arange(n), rng.normal(size=n)]), rng.normal(size=n), np.arange(n) % 3
    told = []

    def make():
        seen = set()

        def fit(rows, labels):
            seen.update(np.asarray(rows)[:, 0].astype(int).tolist())

        def predict(rows):
            asked = np.asarray(rows)[:, 0].astype(int).tolist()
            told.extend(row for row in asked if row in seen)
            return np.zeros(len(asked))

        return fit, predict

    student.cv(make, X, y, folds)
    if told:
        fail(f"Row {told[0]} is predicted by a model that was fitted on it.", case=folds, actual=sorted(set(told)))
