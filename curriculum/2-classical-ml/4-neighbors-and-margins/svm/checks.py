"""svm(X, y, C): a (w, b) whose objective is within 3 % of the smallest; b is not penalized."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid

TOLERANCE = 0.03


def _signs(y):
    return np.where(y == 1, 1.0, -1.0)


def _objective(w, b, X, y, C):
    return float(w @ w / 2 + C * np.maximum(0, 1 - _signs(y) * (X @ w + b)).sum())


def value_reached(submission, X, y, C):
    """What is judged: the shapes, and the objective at the answer."""
    w, b = submission.svm(X, y, C)
    w = np.asarray(w, dtype=float)
    if w.shape != (X.shape[1],) or np.size(b) != 1:
        return {"shape of w": w.shape, "numbers in b": int(np.size(b)), "objective": float("nan")}
    return {"shape of w": w.shape, "numbers in b": 1, "objective": _objective(w, float(np.ravel(b)[0]), X, y, C)}


@valid
def two_classes(X, y, C):
    if not (X.ndim == 2 and X.shape[0] == len(y) >= 4 and X.shape[1] >= 1 and set(np.unique(y)) == {0, 1} and C > 0):
        return False
    return bool(np.allclose(X.mean(axis=0), 0, atol=1e-6) and np.allclose(X.std(axis=0), 1, atol=1e-6))


def _table(rng, n, d, apart, ones=0.5):
    y = rng.permutation((np.arange(n) < round(ones * n)).astype(np.int64))
    direction = rng.normal(size=d)
    X = rng.normal(size=(n, d)) + np.outer(y * apart, direction / np.linalg.norm(direction))
    return (X - X.mean(axis=0)) / X.std(axis=0), y


@cases(run=value_reached, compare=compare.close(rtol=TOLERANCE))
def tables(rng):
    """Overlapping and separable classes, of equal and unequal size; prices from low to high."""
    yield (*_table(rng, 20, 2, 2.0), 0.5)
    yield (*_table(rng, 30, 3, 1.5, ones=0.25), 0.1)
    yield (*_table(rng, 24, 2, 7.0), 1.0)
    yield (*_table(rng, 16, int(rng.integers(1, 4)), 2.5, ones=0.75), 0.05)


def _minimum(X, sign, C, rounds=3000):
    """The exact solution, by pairs of rows."""
    low, high = np.minimum(0.0, C * sign), np.maximum(0.0, C * sign)
    pull, miss = np.zeros(len(sign)), sign.copy()
    i = j = 0
    for _ in range(rounds):
        i = np.where(pull < high - 1e-9, miss, -np.inf).argmax()
        j = np.where(pull > low + 1e-9, miss, np.inf).argmin()
        if miss[i] - miss[j] < 1e-4:
            break
        step = (miss[i] - miss[j]) / max(((X[i] - X[j]) ** 2).sum(), 1e-12)
        step = min(step, high[i] - pull[i], pull[j] - low[j])
        pull[i] += step
        pull[j] -= step
        miss -= step * (X @ (X[i] - X[j]))
    return pull @ X, float(miss[i] + miss[j]) / 2


def _without_free_intercept(X, sign, C, rounds=60):
    """The exact solution when every weight is penalized, one multiplier at a time."""
    alpha, w, lengths = np.zeros(len(sign)), np.zeros(X.shape[1]), (X * X).sum(axis=1)
    for _ in range(rounds):
        for i in range(len(sign)):
            new = min(max(alpha[i] + (1 - sign[i] * (X[i] @ w)) / lengths[i], 0.0), C)
            w = w + (new - alpha[i]) * sign[i] * X[i]
            alpha[i] = new
    return w


@misconception
def zeros_as_they_are(X, y, C):
    """Class 0 has no margin, so every row is put into class 1.

    Label times score needs labels of -1 and +1. With a 0 the product is 0: those rows lose 1 each whatever `w` and `b`
    are, and the others are content with `w = 0` and a large `b`. Turn the labels into signs first."""
    return np.zeros(X.shape[1]), 1.0


@misconception
def no_room_asked(X, y, C):
    """Your `w` has shrunk to nothing: there is no street at all.

    With `max(0, -margin)` a row is content as soon as it is on its side, and at `w = 0` none is on the wrong one. It is
    the 1 in `1 - margin` that gives the street its width."""
    return np.zeros(X.shape[1]), 0.0


@misconception
def intercept_penalized(X, y, C):
    """The intercept is kept small, as if it were a weight.

    A column of ones in `X` puts `b` into `w`, and the squared length then pulls the street toward the origin. Where the
    street lies should cost nothing. It shows when one class has more rows than the other."""
    w = _without_free_intercept(np.column_stack([X, np.ones(len(y))]), _signs(y), C)
    return w[:-1], float(w[-1])


@misconception
def no_intercept(X, y, C):
    """The boundary goes through the origin.

    `b` stays 0. That is right only if both classes lie symmetrically about the origin; let it move with its own
    slope."""
    return _without_free_intercept(X, _signs(y), C), 0.0


@misconception
def price_on_the_other_term(X, y, C):
    """`C` works the wrong way round: a low price makes a narrow street.

    You multiplied the length of `w` by `C`, as with the strength of a penalty. In an SVM it is the price of the
    mistakes: the larger, the less regularization."""
    return _minimum(X, _signs(y), 1 / C)


@misconception
def mean_of_the_losses(X, y, C):
    """The street is too wide: each row counts too little.

    You took the mean of the hinge losses; their sum is asked for. The mean makes `C` mean something else for every
    number of rows."""
    return _minimum(X, _signs(y), C / len(y))


@misconception
def direction_reversed(X, y, C):
    """The boundary is right, and the two sides are swapped.

    Label 1 belongs on the side where `x @ w + b` is positive. A sign got lost on the way."""
    w, b = _minimum(X, _signs(y), C)
    return -w, -b


@behaviour("no other line is better by more than 3 %")
def near_the_minimum(student, rng):
    """The expression has one lowest value and no other valleys, so from anywhere the way leads down to it. If you are
    not there yet: either the descent was stopped early, or its steps are too long and it hops across the kinks. Make
    the steps shorter as it goes on, take more of them, and average what still hops."""
    for apart, ones, C in ((2.0, 0.5, 0.5), (1.0, 0.3, 1.0)):
        X, y = _table(rng, 24, 2, apart, ones)
        w, b = student.svm(X, y, C)
        w, b = np.asarray(w, dtype=float), float(np.ravel(b)[0])
        reached, lowest = _objective(w, b, X, y, C), _objective(*_minimum(X, _signs(y), C), X, y, C)
        if not reached <= (1 + TOLERANCE) * lowest:
            fail(
                "There is a better line.",
                case=f"n = 24, d = 2, C = {C}",
                expected=f"at most {(1 + TOLERANCE) * lowest:.4g}",
                actual=reached,
            )


@behaviour("far rows on the right side have no say")
def far_rows_have_no_say(student, rng):
    """A row with a margin far above 1 adds nothing to the sum, and nothing nearby changes that. So moving it
    further out leaves the best line where it is."""
    X, y = _table(rng, 20, 2, 3.0)
    w, b = _minimum(X, _signs(y), 1.0)
    far = np.vstack([X, [(4 + abs(b)) * w / (w @ w)]]), np.append(y, 1)
    lowest = _objective(w, b, X, y, 1.0)
    w, b = student.svm(X, y, 1.0)
    if not _objective(np.asarray(w, dtype=float), float(np.ravel(b)[0]), X, y, 1.0) <= 1.04 * lowest:
        return  # not at the minimum without it, either: that is told elsewhere
    w, b = student.svm(*far, 1.0)
    w, b = np.asarray(w, dtype=float), float(np.ravel(b)[0])
    reached = _objective(w, b, X, y, 1.0)
    if not reached <= 1.05 * lowest:
        fail("One far row on the right side moves the line.", expected=lowest, actual=reached)
