"""standard_errors(X, y): of the slopes of least squares with an intercept, n - d - 1 degrees of freedom."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, probes, valid


@valid
def enough_rows(X, y):
    if X.ndim != 2 or X.shape[1] < 1 or y.shape != (len(X),) or len(X) <= X.shape[1] + 1:
        return False
    Z = np.column_stack([X, np.ones(len(X))])
    return np.linalg.matrix_rank(Z) == Z.shape[1]


def _data(rng, n, d):
    """Correlated columns that are not centered, and noise that no plane explains."""
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 3, size=d) + rng.normal(size=(n, 1)) + rng.uniform(2, 5, size=d)
    noise = rng.permutation(np.tile([-2.0, 0.7, 1.5, -0.4], n)[:n])
    return X, X @ rng.uniform(-2, 2, size=d) + 9 + noise


@cases(compare=compare.close(rtol=1e-5))
def tables(rng):
    for n, d in ((5, 1), (9, 2), (14, 3), (30, 4)):
        yield _data(rng, n + int(rng.integers(0, 3)), d)
    yield rng.permutation(np.arange(18)).reshape(9, 2), rng.permutation(np.arange(9)) * 3


def _errors(X, y, divisor=None, columns=None):
    """Standard errors with another divisor, or another diagonal."""
    n, d = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.lstsq(Xc, yc, rcond=None)[0]
    variance = ((yc - Xc @ w) ** 2).sum() / (n - d - 1 if divisor is None else divisor)
    diagonal = np.diag(np.linalg.inv(Xc.T @ Xc)) if columns is None else columns
    return np.sqrt(variance * diagonal)


def _with_intercept(X, y):
    """The slopes' standard errors, then the intercept's."""
    n, d = X.shape
    Z = np.column_stack([X, np.ones(n)])
    w = np.linalg.lstsq(Z, y, rcond=None)[0]
    return np.sqrt(((y - Z @ w) ** 2).sum() / (n - d - 1) * np.diag(np.linalg.inv(Z.T @ Z)))


@misconception
def divided_by_rows(X, y):
    """The standard errors are too small, most of all with few rows.

    You divided the squared residuals by `n`. But the fit has already bent toward these rows, so the residuals are
    smaller than the noise. With 4 rows and 3 parameters, one row's worth of noise is left to look at, not 4."""
    return _errors(X, y, divisor=len(y))


@misconception
def intercept_not_counted(X, y):
    """The standard errors are slightly too small: the intercept was not counted.

    `d` slopes and one intercept were fitted, so `d + 1` parameters have used up their share of the rows."""
    return _errors(X, y, divisor=len(y) - X.shape[1])


@misconception
def one_less_than_rows(X, y):
    """The squared residuals were divided by `n - 1`, as in a sample variance.

    That is the rule where one number, the mean, was taken from the data. Here it was `d` slopes and an intercept."""
    return _errors(X, y, divisor=len(y) - 1)


@misconception
def root_forgotten(X, y):
    """These are variances, the squares of the standard errors.

    A standard error is in the units of the coefficient, so that the two can be written as 2.1 ± 0.4. Take the root."""
    return _errors(X, y) ** 2


@misconception
def each_column_alone(X, y):
    """The columns are treated as if they had nothing to do with one another.

    You inverted the sums of squares one by one. If two columns rise and fall together, the data cannot tell well
    which of the two is at work, and both coefficients become uncertain. Only the inverse of the whole matrix knows
    that."""
    return _errors(X, y, columns=1 / ((X - X.mean(axis=0)) ** 2).sum(axis=0))


@misconception
def inverse_of_the_diagonal_of_z(X, y):
    """The columns are measured from 0, each on its own.

    You inverted the diagonal instead of taking the diagonal of the inverse. The first ignores how the columns move
    together, with one another and with the column of ones."""
    return _errors(X, y, columns=1 / (X.astype(float) ** 2).sum(axis=0))


@misconception
def no_intercept(X, y):
    """The standard errors belong to a model without an intercept.

    There is no column of ones in your matrix. Columns far from 0 then look very informative, only because they are far
    from 0."""
    n, d = X.shape
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    return np.sqrt(((y - X @ w) ** 2).sum() / (n - d) * np.diag(np.linalg.inv(X.T @ X)))


@misconception
def intercept_in_the_fit_only(X, y):
    """The residuals are right, but the matrix that is inverted lacks the column of ones.

    The intercept is fitted along with the slopes, so its uncertainty mixes with theirs."""
    return _errors(X, y, columns=np.diag(np.linalg.inv(X.T @ X)))


@misconception
def intercept_included(X, y):
    """There is one number too many: the intercept's.

    Only the slopes' are asked for."""
    return _with_intercept(X, y)


@misconception
def intercept_included_first(X, y):
    """There is one number too many: the intercept's, at the front.

    Only the slopes' are asked for."""
    errors = _with_intercept(X, y)
    return np.append(errors[-1], errors[:-1])


@misconception
def error_of_a_mean(X, y):
    """You give the deviation of each column over √n: that is the standard error of its mean.

    The question is another one: how much the *slope* would change with other noise in `y`."""
    return X.std(axis=0, ddof=1) / np.sqrt(len(X))


def _case(rng):
    return _data(rng, 12, 3)


row_order = probes.permutation(
    of="standard_errors",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Which patient comes first says nothing. If your answer depends on it, rows of `X` and `y` came apart.",
)
column_order = probes.permutation(
    of="standard_errors",
    make=_case,
    axis=1,
    args=(0,),
    output=0,
    title="columns in another order give the same numbers in that order",
    message="Each standard error belongs to one column, wherever it stands.",
)


@behaviour("agrees with how the slopes scatter when the noise is drawn anew")
def agrees_with_repetition(student, rng):
    """Here the noise was drawn anew 400 times and the slopes were fitted each time. How far they scattered is what a
    standard error estimates, from a single one of these experiments. With 800 rows it comes near."""
    X, _ = _data(rng, 800, 2)
    weights = np.linalg.pinv(X - X.mean(axis=0))
    scatter = (weights @ rng.normal(scale=2.0, size=(800, 400))).std(axis=1)
    actual = np.asarray(student.standard_errors(X, 5 + rng.normal(scale=2.0, size=800)))
    if actual.shape != scatter.shape or (np.abs(actual / scatter - 1) > 0.35).any():
        fail("In 400 repetitions the slopes scattered by another amount.", expected=scatter, actual=actual)
