"""Boost(lr, n): the mean, plus lr times each stump, each fitted to the residuals of the sum before it.

Two features that part the rows in the same way would make the choice between them a matter of rounding; tables are
drawn without such pairs."""

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from gradus.checks import behaviour, cases, fail, misconception, valid


def _no_twins(X):
    """No two columns can part the rows in the same way."""
    seen = set()
    for column in X.T:
        order = np.argsort(column, kind="stable").tolist()
        own = {min(frozenset(order[:k]), frozenset(order[k:]), key=sorted) for k in range(1, len(order))}
        if seen & own:
            return False
        seen |= own
    return True


def _table(rng, d, m):
    while True:
        X = rng.normal(size=(m, d))
        if _no_twins(X):
            return X, 5 + 3.0 * (X[:, 0] > 0.3) - 2 * np.abs(X[:, -1]) + 0.5 * rng.normal(size=m)


def fit_and_predict(submission, lr, n, X, y, new):
    model = submission.Boost(lr, n)
    model.fit(X, y)
    return model.predict(new)


@valid
def clear(lr, n, X, y, new):
    if X.ndim != 2 or len(X) != len(y) or len(X) < 4 or not 0 < lr <= 1 or n < 0:
        return False
    return (
        new.ndim == 2 and new.shape[1] == X.shape[1] and min(map(len, map(np.unique, X.T))) == len(X) and _no_twins(X)
    )


@cases(run=fit_and_predict)
def tables(rng):
    """Old and new rows, several rates, no tree, a mean that is not 0."""
    for n, lr in ((3, 0.5), (4, round(float(rng.uniform(0.2, 0.4)), 2)), (2, 1.0), (0, 0.3)):
        d = int(rng.integers(2, 4))
        X, y = _table(rng, d, int(rng.integers(12, 18)))
        yield lr, n, X, y, np.vstack([X[:4], rng.normal(size=(4, d))])


def _stump(X, target):
    return DecisionTreeRegressor(max_depth=1, random_state=0).fit(X, target)


class _Model:
    def __init__(self, lr, n):
        self.lr, self.n = lr, n


@misconception
class same_target_each_round(_Model):
    """All trees are the same tree: each was fitted to `y` anew.

    Trees of a forest may each fit `y`, as they are averaged. Trees that are *added* must each fit what the sum so far
    has left over; otherwise the same step is taken again and again, and the sum overshoots."""

    def fit(self, X, y):
        self.mean = y.mean()
        self.trees = [_stump(X, y - y.mean()) for _ in range(self.n)]

    def predict(self, X):
        return self.mean + self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class whole_trees_taken_off(_Model):
    """The residuals shrank by whole trees, while the sum grew by `lr` times each.

    Residuals are `y` minus the sum *as it is*. If a tree enters the sum at a tenth, then nine tenths of what it
    explained are still left over, for the next trees to find."""

    def fit(self, X, y):
        self.mean, self.trees = y.mean(), []
        residual = y - self.mean
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.trees[-1].predict(X)

    def predict(self, X):
        return self.mean + self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class rate_forgotten_in_predict(_Model):
    """The trees were fitted with the learning rate, and added up without it.

    The residuals were those of a slow sum, so the trees explain the same thing several times over. `predict` must add
    up exactly what `fit` took off."""

    def fit(self, X, y):
        self.mean, self.trees = y.mean(), []
        residual = y - self.mean
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.lr * self.trees[-1].predict(X)

    def predict(self, X):
        return self.mean + sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class rate_ignored(_Model):
    """The learning rate has no effect: every tree counts in full.

    Full steps fit the training rows fastest, and the noise in them, too. Small steps leave later trees room to correct
    earlier ones."""

    def fit(self, X, y):
        self.mean, self.trees = y.mean(), []
        residual = y - self.mean
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.trees[-1].predict(X)

    def predict(self, X):
        return self.mean + sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class starts_from_zero(_Model):
    """The sum starts from 0, not from the mean.

    With small steps many trees are then spent on climbing to the mean, and with few trees every prediction is too
    near to 0. With no tree at all, the mean is the best answer there is."""

    def fit(self, X, y):
        self.trees = []
        residual = y
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.lr * self.trees[-1].predict(X)

    def predict(self, X):
        return self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class mean_left_out_of_predict(_Model):
    """Predictions vary around 0: the mean is missing from them.

    The trees were fitted to residuals, which have mean 0. What `fit` took away before the first tree, `predict` has to
    add again."""

    def fit(self, X, y):
        self.trees = []
        residual = y - y.mean()
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.lr * self.trees[-1].predict(X)

    def predict(self, X):
        return self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class uphill(_Model):
    """The residuals grow from tree to tree: what a tree explained was added to them.

    The gradient of the squared error with respect to a prediction is prediction minus target. Boosting steps *against*
    it, so a tree is fitted to target minus prediction, and what it explains is taken off."""

    def fit(self, X, y):
        self.mean, self.trees = y.mean(), []
        residual = y - self.mean
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual + self.lr * self.trees[-1].predict(X)

    def predict(self, X):
        return self.mean + self.lr * sum((tree.predict(X) for tree in self.trees), np.zeros(len(X)))


@misconception
class only_last_tree(_Model):
    """Only the last tree speaks.

    The last tree knows nothing but the small rest that the others left over. The prediction is the sum of all."""

    def fit(self, X, y):
        self.mean, self.trees = y.mean(), []
        residual = y - self.mean
        for _ in range(self.n):
            self.trees.append(_stump(X, residual))
            residual = residual - self.lr * self.trees[-1].predict(X)

    def predict(self, X):
        return self.mean + self.lr * sum((tree.predict(X) for tree in self.trees[-1:]), np.zeros(len(X)))


@behaviour("`fit` returns the object itself")
def fit_returns_self(student, rng):
    """scikit-learn's `fit` returns `self`, so that `Boost(0.1, 5).fit(X, y).predict(X)` can be written in one line, and
    pipelines and cross-validation rely on it."""
    X, y = _table(rng, 2, 12)
    model = student.Boost(0.5, 1)
    returned = model.fit(X, y)
    if returned is None:
        fail("`fit` returns None.", expected="the object itself", actual=None)
    expected, actual = model.predict(X), returned.predict(X)
    if not np.allclose(expected, actual):
        fail("What `fit` returns predicts something else.", case=X, expected=expected, actual=actual)


@behaviour("fitting again starts afresh")
def fits_afresh(student, rng):
    """The second fit found trees of the first one. A list that is made in `__init__` lives as long as the object, and
    every fit appends to it. What `fit` learns has to be made in `fit`."""
    model = student.Boost(0.5, 2)
    first, second = _table(rng, 2, 12), _table(rng, 2, 14)
    model.fit(*first)
    model.fit(*second)
    fresh = student.Boost(0.5, 2)
    fresh.fit(*second)
    expected, actual = fresh.predict(second[0]), model.predict(second[0])
    if not np.allclose(expected, actual):
        fail("After a second `fit` the predictions are not those of a new object.", expected=expected, actual=actual)


@behaviour("each further tree lowers the training error")
def training_error_falls(student, rng):
    """Each stump is the least-squares step for the residuals that are there, and a step of length `lr` between 0 and 1
    lowers their squares. Falling training error is no merit, though: noise gets fitted, too."""
    X, y = _table(rng, 2, 16)
    errors = []
    for n in (0, 1, 3):
        model = student.Boost(0.5, n)
        model.fit(X, y)
        errors.append(float(((y - np.asarray(model.predict(X))) ** 2).mean()))
    if not errors[0] > errors[1] > errors[2]:
        fail("The training error does not fall from 0 to 1 to 3 trees.", case=(X, y), actual=errors)
