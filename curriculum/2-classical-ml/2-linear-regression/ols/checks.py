"""ols(X, y): coefficients and intercept of least squares; stable when columns repeat one another."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid
from gradus.checks.raised import LearnerRaised

CLOSE = compare.close(rtol=1e-5, atol=1e-7)


@valid
def independent_columns(X, y):
    fits = X.ndim == 2 and y.shape == (len(X),) and len(X) > X.shape[1] >= 1
    return fits and np.linalg.matrix_rank(X - X.mean(axis=0)) == X.shape[1]


def _data(rng, n, d):
    """Correlated features far from 0, a plane that misses the origin, and clear residuals."""
    common = rng.normal(size=(n, 1))
    X = rng.normal(size=(n, d)) + 0.7 * common + rng.uniform(2, 5, size=d)
    return X, X @ (rng.uniform(1, 3, size=d) * rng.choice([-1.0, 1.0], size=d)) + 7 + rng.normal(size=n)


@cases(compare=CLOSE)
def planes(rng):
    for d in (1, 2, 3):
        yield _data(rng, d + int(rng.integers(4, 20)), d)
    whole = rng.permutation(np.arange(24)).reshape(8, 3)
    yield whole, rng.integers(20, 60, size=8)
    X, _ = _data(rng, 12, 4)
    yield X, X @ rng.integers(1, 5, size=4) - 3.0


def _fit(X, y):
    center = X.mean(axis=0)
    w = np.linalg.lstsq(X - center, y, rcond=None)[0]
    return w, y.mean() - center @ w


@misconception
def through_the_origin(X, y):
    """The plane goes through the origin, whether the data do or not.

    `lstsq(X, y)` fits what you give it, and nothing in `X` can lift the plane where all features are 0. The slopes then
    bend to make up for the missing height. The intercept is a parameter of the fit, too."""
    return np.linalg.lstsq(X, y, rcond=None)[0], 0.0


@misconception
def intercept_afterwards(X, y):
    """The slopes are those of a plane through the origin; only the intercept was added afterwards.

    Fitting `X` as it is and then shifting the plane to the right height leaves slopes that had to make up for the
    missing intercept. Slopes and intercept have to be found together."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    return w, float(np.mean(y - X @ w))


@misconception
def intercept_is_the_mean(X, y):
    """The slopes are right, and the intercept is the mean of `y`.

    The mean of `y` is what the model says for *average* features. The intercept is what it says where they are all 0,
    and yours are not centered when the model is used."""
    return _fit(X, y)[0], y.mean()


@misconception
def one_at_a_time(X, y):
    """Each coefficient is fitted alone, as if the other columns did not exist.

    The slope of `y` over one feature includes whatever moves along with that feature. In a joint model a coefficient
    says what one more unit adds while the *other* features stay as they are."""
    Xc = X - X.mean(axis=0)
    w = Xc.T @ (y - y.mean()) / (Xc**2).sum(axis=0)
    return w, y.mean() - X.mean(axis=0) @ w


@misconception
def standardized(X, y):
    """The coefficients belong to standardized features, not to those you were given.

    Scaling the columns before the fit is fine, but then the coefficients are per *deviation*. Someone who multiplies
    them with the raw columns gets other predictions. Divide each by its column's deviation to go back."""
    w, _ = _fit(X, y)
    return w * X.std(axis=0), y.mean()


@misconception
def intercept_first(X, y):
    """Both are right, and in the wrong order.

    Coefficients first, then the intercept."""
    w, b = _fit(X, y)
    return b, w


@misconception
def all_in_one_array(X, y):
    """Coefficients and intercept come as one array; they are asked for as a pair.

    The solution for a matrix with a column of ones holds the intercept where that column stood. Take the array
    apart."""
    w, b = _fit(X, y)
    return np.append(w, b)


@misconception
def squeezed_to_the_mean(X, y):
    """The coefficients are a bit too small.

    A small number was added to the diagonal so that the matrix can be inverted. That is ridge regression: a good tool,
    and another model. Least squares needs no such help if you do not invert."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.solve(Xc.T @ Xc + np.eye(X.shape[1]), Xc.T @ y)
    return w, y.mean() - X.mean(axis=0) @ w


def _predictions(student, X, y):
    """The learner's predictions for X, or a failed check."""
    try:
        w, b = student.ols(X, y)
    except LearnerRaised as raised:
        if not raised.is_a("ValueError") and not raised.is_a("ArithmeticError"):
            raise
        fail("Where columns repeat one another your fit breaks down.", case=(X, y), actual="an exception")
    return X @ np.asarray(w) + b


@behaviour("what is left over has nothing to do with any column")
def residuals_orthogonal(student, rng):
    """At the best fit the residuals sum to 0, and so does their product with each column. If a sum is not 0, a small
    change of that coefficient lowers the loss, so the fit is not the best one."""
    X, y = _data(rng, 20, 3)
    w, b = student.ols(X, y)
    Z = np.column_stack([X, np.ones(len(X))])
    sums = Z.T @ (y - X @ np.asarray(w) - b) / np.abs(Z).sum(axis=0)
    if np.abs(sums).max() > 1e-5 * np.abs(y).max():
        fail("The residuals still move along with a column.", case=(X, y), expected=np.zeros(4), actual=sums)


@behaviour("columns that nearly repeat one another do no harm")
def near_repetition(student, rng):
    """The third column is the difference of the first two but for a few hundred-millionths, and those carry a signal.
    `X.T @ X` squares everything: a gap of 3e-8 becomes one of 1e-15, which is at the end of a float's digits, and its
    inverse is noise. Solve the least-squares problem itself, not its normal equations."""
    a, b, small = rng.normal(size=(3, 24)) + [[3.0], [1.0], [0.0]]
    y = 2 + a - b + 3 * small + rng.normal(scale=0.1, size=24)
    seen = np.column_stack([a, b, small])
    w, at = _fit(seen, y)
    X = np.column_stack([a, b, a - b + 3e-8 * small])
    expected, actual = seen @ w + at, _predictions(student, X, y)
    if not np.allclose(actual, expected, rtol=0, atol=2e-3):
        fail("Where two columns nearly agree, your predictions are off.", case=X, expected=expected, actual=actual)


@behaviour("columns that repeat one another exactly do no harm")
def exact_repetition(student, rng):
    """One column is the sum of two others, so infinitely many coefficients fit equally well. The predictions are the
    same for all of them, and that is all that is asked here. Data like these are common: think of one column for each
    answer to a question, which together always make 1."""
    X, y = _data(rng, 15, 2)
    w, b = _fit(X, y)
    wide = np.column_stack([X, X[:, 0] + X[:, 1], X[:, 1]])
    expected, actual = X @ w + b, _predictions(student, wide, y)
    if not np.allclose(actual, expected, rtol=0, atol=1e-5):
        fail("Where columns repeat, your predictions are off.", case=wide, expected=expected, actual=actual)
