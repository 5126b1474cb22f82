"""learning_curve(make, X, y, order, sizes, X_new, y_new): nested training sets, a fresh model for each."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def a_curve(make, X, y, order, sizes, X_new, y_new):
    n = len(y)
    shapes = X.ndim == X_new.ndim == 2 and X.shape[1:] == X_new.shape[1:] and len(X) == n and len(X_new) == len(y_new)
    if not shapes or n < 1 or len(y_new) < 1 or not sizes:
        return False
    return sorted(order.tolist()) == list(range(n)) and all(1 <= size <= n for size in sizes)


def three_nearest():
    """The mean label of the three nearest rows that the model has ever been shown."""
    seen_X, seen_y = [], []

    def fit(X, y):
        seen_X.extend(np.asarray(X, dtype=float))
        seen_y.extend(np.asarray(y, dtype=float))

    def predict(X):
        X = np.asarray(X, dtype=float)
        if not seen_X:
            return np.zeros(len(X))
        distance = ((X[:, None] - np.array(seen_X)) ** 2).sum(axis=2)
        return np.array(seen_y)[np.argsort(distance, axis=1)[:, :3]].mean(axis=1)

    return fit, predict


def _case(rng, n, m, d, sizes):
    X, X_new = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    y, y_new = X[:, 0] + rng.normal(0, 0.5, size=n), X_new[:, 0] + rng.normal(0, 0.5, size=m)
    return three_nearest, X, y, rng.permutation(n), sizes, X_new, y_new


@cases
def curves(rng):
    """Sizes that grow, sizes out of order, and the largest size; a shuffled order."""
    yield _case(rng, 16, 5, 2, [1, 4, 9, 16])
    yield _case(rng, 13, 4, 3, [12, 3, 7])
    yield _case(rng, 9, 7, 1, [5])


def _curve(make, order, sizes, chosen, errors, fresh=True):
    told = []
    model = make()
    for place, size in enumerate(sizes):
        fit, predict = make() if fresh else model
        rows = chosen(order, place, size)
        told.append(errors(fit, predict, rows))
    on_train, on_new = np.array(told, dtype=float).T
    return on_train, on_new


def _first(order, place, size):
    return order[:size]


def _usual(X, y, X_new, y_new):
    def errors(fit, predict, rows):
        fit(X[rows], y[rows])
        return np.mean((predict(X[rows]) - y[rows]) ** 2), np.mean((predict(X_new) - y_new) ** 2)

    return errors


@misconception
def one_model_for_all(make, X, y, order, sizes, X_new, y_new):
    """The model of each size has also been fitted on the rows of the sizes before.

    `make()` was called once. A model that goes on from where it stopped then counts the first rows again in each step.
    Each point of the curve needs a model that starts with nothing."""
    return _curve(make, order, sizes, _first, _usual(X, y, X_new, y_new), fresh=False)


@misconception
def order_ignored(make, X, y, order, sizes, X_new, y_new):
    """The rows are taken in the order of the table.

    Tables are often sorted by class, by place or by date. The first rows are then all of one kind, and the curve shows
    how the table was sorted. Take the rows in the given order."""
    return _curve(make, np.arange(len(y)), sizes, _first, _usual(X, y, X_new, y_new))


@misconception
def last_rows(make, X, y, order, sizes, X_new, y_new):
    """The rows are taken from the end of the order.

    Negative slices count from the end. The training sets are nested, too, but they are not those asked for."""
    return _curve(make, order[::-1], sizes, _first, _usual(X, y, X_new, y_new))


@misconception
def training_error_on_all_rows(make, X, y, order, sizes, X_new, y_new):
    """The training error is measured on all of `X`, also on rows that were not trained on.

    Most of these rows are new to a small model. The training error says how well a model fits what it has *seen*: only
    the rows of its own size."""

    def errors(fit, predict, rows):
        fit(X[rows], y[rows])
        return np.mean((predict(X) - y) ** 2), np.mean((predict(X_new) - y_new) ** 2)

    return _curve(make, order, sizes, _first, errors)


@misconception
def everything_trained_on(make, X, y, order, sizes, X_new, y_new):
    """Every model is trained on all rows; only the rows it is scored on grow.

    The sizes must limit what is *fitted*. As it is, the error on new rows is the same at every size."""

    def errors(fit, predict, rows):
        fit(X[order], y[order])
        return np.mean((predict(X[rows]) - y[rows]) ** 2), np.mean((predict(X_new) - y_new) ** 2)

    return _curve(make, order, sizes, _first, errors)


@misconception
def separate_pieces(make, X, y, order, sizes, X_new, y_new):
    """Each training set is a new piece of the order, instead of holding the smaller ones.

    With other rows at each size, a step of the curve may be due to the rows or to their number, and nobody can tell.
    Always begin at the first row of the order."""

    def chosen(order, place, size):
        start = sum(sizes[:place])
        return np.take(order, range(start, start + size), mode="wrap")

    return _curve(make, order, sizes, chosen, _usual(X, y, X_new, y_new))


@misconception
def sizes_sorted(make, X, y, order, sizes, X_new, y_new):
    """The errors belong to the sizes in increasing order, not to the sizes as given.

    Entry `i` of the answer is about `sizes[i]`. Whoever plots the errors against `sizes` would join the wrong ones."""
    return _curve(make, order, sorted(sizes), _first, _usual(X, y, X_new, y_new))


@misconception
def errors_exchanged(make, X, y, order, sizes, X_new, y_new):
    """The two arrays are in the wrong order.

    The error on the rows trained on comes first. Exchanged, the curves say that the model does better on rows it has
    never seen."""
    on_train, on_new = _curve(make, order, sizes, _first, _usual(X, y, X_new, y_new))
    return on_new, on_train


@misconception
def roots_taken(make, X, y, order, sizes, X_new, y_new):
    """Your errors are the square roots of those asked for.

    The root has the unit of `y` and is good to report. Asked for is the mean squared error."""
    on_train, on_new = _curve(make, order, sizes, _first, _usual(X, y, X_new, y_new))
    return np.sqrt(on_train), np.sqrt(on_new)


@behaviour("the new rows are never trained on")
def new_rows_unseen(student, rng):
    """Every call of `fit` was written down, and a new row was among the rows. The second curve is to show how the model
    does
    on rows it has never seen; after one fit on them they are not new."""
    _, X, y, order, sizes, X_new, y_new = _case(rng, 8, 3, 2, [2, 8])
    new, told = {tuple(row) for row in X_new.tolist()}, []

    def make():
        def fit(rows, labels):
            told.extend(row for row in np.asarray(rows).tolist() if tuple(row) in new)

        return fit, lambda rows: np.zeros(len(rows))

    student.learning_curve(make, X, y, order, sizes, X_new, y_new)
    if told:
        fail("A new row was trained on.", case=X_new, actual=told[0])
