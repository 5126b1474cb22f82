"""importance(predict, X, y, held, shuffles): permutation importance on held-out rows. The chance is passed in, so the
answer is exact."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def an_experiment(predict, X, y, held, shuffles):
    n, m = len(X), len(held)
    if X.ndim != 2 or y.shape != (n,) or not m or not X.shape[1] or shuffles.ndim != 2 or not len(shuffles):
        return False
    if len(np.unique(held)) != m or held.min() < 0 or held.max() >= n or shuffles.shape[1] != m:
        return False
    return bool((np.sort(shuffles, axis=1) == np.arange(m)).all())


def _experiment(rng, d, r):
    """A model that has learned one column well, another a little, and its training rows by heart, by the row number in
    the last column. Half the rows are held out."""
    m = int(rng.integers(5, 9))
    n = 2 * m
    X = np.column_stack([rng.normal(size=(n, d - 1)), rng.permutation(np.arange(n, dtype=float))])
    slopes = np.array([2.0, 0.7, 0.0, 0.0])[: d - 1]
    y = X[:, :-1] @ slopes + rng.normal(size=n)
    held = rng.permutation(n)[:m]
    seen = np.setdiff1d(np.arange(n), held)
    by_heart = dict(zip(X[seen, -1].tolist(), (y - X[:, :-1] @ slopes)[seen].tolist()))

    def predict(table):
        return table[:, :-1] @ slopes + np.array([by_heart.get(key, 0.0) for key in table[:, -1].tolist()])

    shuffles = np.array([rng.permutation(m) for _ in range(r)])
    return predict, X, y, held, shuffles


@cases
def experiments(rng):
    yield _experiment(rng, 4, 3)
    yield _experiment(rng, 3, 1)
    yield _experiment(rng, 2, 2)


def _rises(predict, X, y, shuffles, change):
    """The rise for each shuffle and column, (r, d)."""
    before = ((y - predict(X)) ** 2).mean()
    return np.array(
        [[((y - predict(change(X, j, order))) ** 2).mean() - before for j in range(X.shape[1])] for order in shuffles]
    )


def _one_column(X, j, order):
    shuffled = X.copy()
    shuffled[:, j] = X[order, j]
    return shuffled


@misconception
def on_training_rows(predict, X, y, held, shuffles):
    """These are the rises on the rows that the model was fitted on.

    There the row number looks important: with it the model recalls each row's answer. On new rows it is worth nothing.
    What a model has learned by heart shows as importance on training rows, so measure on those it has not seen."""
    seen = np.setdiff1d(np.arange(len(X)), held)
    if len(seen) != len(held):
        return np.zeros(X.shape[1])
    return _rises(predict, X[seen], y[seen], shuffles, _one_column).mean(axis=0)


@misconception
def columns_stay_shuffled(predict, X, y, held, shuffles):
    """From the second column on, the columns before it are still shuffled.

    The damage adds up: each column gets the blame for those before it. A slice such as `X[:, j] = …` writes into the
    table that the next turn uses. Begin every turn with the real one."""
    X, y = X[held], y[held]
    before = ((y - predict(X)) ** 2).mean()
    rises = []
    for order in shuffles:
        table = X.copy()
        for j in range(X.shape[1]):
            table[:, j] = X[order, j]
            rises.append(((y - predict(table)) ** 2).mean() - before)
    return np.reshape(rises, (len(shuffles), -1)).mean(axis=0)


@misconception
def all_columns_at_once(predict, X, y, held, shuffles):
    """All columns get the same number: the whole rows were shuffled.

    That breaks the tie between every feature and `y` at once. To see what *one* column is worth, the others have to
    stay in place."""
    return _rises(predict, X[held], y[held], shuffles, lambda X, j, order: X[order]).mean(axis=0)


@misconception
def column_set_to_zero(predict, X, y, held, shuffles):
    """The column was wiped out, not shuffled.

    A column of zeros is a table the model has never seen anything like, and how strange it is depends on where the
    column's zero lies. Shuffled values are all real ones; only their tie to the row is cut."""

    def wiped(X, j, order):
        table = X.copy()
        table[:, j] = 0.0
        return table

    return _rises(predict, X[held], y[held], shuffles, wiped).mean(axis=0)


@misconception
def column_set_to_mean(predict, X, y, held, shuffles):
    """The column was replaced by its mean, not shuffled.

    That asks what the model would say of an average row. A column that matters through its spread, or together with
    others, is judged by a value that may never occur. Use the orders you were given."""

    def flattened(X, j, order):
        table = X.copy()
        table[:, j] = X[:, j].mean()
        return table

    return _rises(predict, X[held], y[held], shuffles, flattened).mean(axis=0)


@misconception
def sign_turned(predict, X, y, held, shuffles):
    """Every sign is the wrong way round: the most useful column gets the most negative number.

    Importance is the error *with* the column shuffled minus the error without. When something useful is broken, the
    error rises."""
    return -_rises(predict, X[held], y[held], shuffles, _one_column).mean(axis=0)


@misconception
def error_not_rise(predict, X, y, held, shuffles):
    """These are the errors after shuffling, not by how much they rise.

    A useless column would get a large number, too: the error that the model makes in any case. Subtract it."""
    before = ((y[held] - predict(X[held])) ** 2).mean()
    return _rises(predict, X[held], y[held], shuffles, _one_column).mean(axis=0) + before


@misconception
def order_of_the_whole_table(predict, X, y, held, shuffles):
    """The shuffled column holds values of rows that are not held out.

    The orders count positions among the held rows, from 0 to m - 1. Used on the whole table they fetch the values of
    its first m rows, most of which the model was fitted on. Cut out the held rows first."""
    before = ((y[held] - predict(X[held])) ** 2).mean()
    rises = np.zeros((len(shuffles), X.shape[1]))
    for r, order in enumerate(shuffles):
        for j in range(X.shape[1]):
            table = X[held].copy()
            table[:, j] = X[order, j]
            rises[r, j] = ((y[held] - predict(table)) ** 2).mean() - before
    return rises.mean(axis=0)


@misconception
def only_one_shuffle(predict, X, y, held, shuffles):
    """Only the last shuffle counts.

    One order may happen to leave a column almost as it was. Average over all of them."""
    return _rises(predict, X[held], y[held], shuffles[-1:], _one_column).mean(axis=0)


@behaviour("a column that the model does not look at has importance exactly 0")
def unused_is_zero(student, rng):
    """The predictions are the same, whatever stands in that column, so the error is the same to the last digit. Any
    number but 0 means that something else was disturbed as well: `y`, another column, or the choice of rows."""
    predict, X, y, held, shuffles = _experiment(rng, 4, 2)
    rise = np.asarray(student.importance(predict, X, y, held, shuffles))
    if rise.shape != (4,):
        fail("There is not one number for each column.", expected=(4,), actual=rise.shape)
    if abs(rise[2]) > 1e-9:
        fail(
            "The third column is not used by the model, and yet its importance is not 0.", expected=0.0, actual=rise[2]
        )
