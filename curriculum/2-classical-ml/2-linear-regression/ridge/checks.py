"""ridge(X, y, lam): squared residuals plus lam times squared coefficients; the intercept is free."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@valid
def a_table(X, y, lam):
    return X.ndim == 2 and X.shape[1] >= 1 and y.shape == (len(X),) and len(X) >= 2 and 0.01 <= lam <= 1e4


def _data(rng, n, d):
    """Features neither centered nor of one scale, and a plane that misses the origin."""
    X = rng.normal(size=(n, d)) * rng.uniform(0.6, 2.5, size=d) + rng.uniform(1, 3, size=d)
    return X, X @ rng.uniform(-2, 2, size=d) + 9 + rng.normal(size=n)


@cases(compare=compare.close(rtol=1e-5, atol=1e-7))
def tables(rng):
    for n, d, lam in ((9, 1, 2.0), (14, 3, 0.3), (20, 2, 12.0), (5, 7, 4.0)):
        yield *_data(rng, n + int(rng.integers(0, 3)), d), lam * float(rng.uniform(0.8, 1.2))
    yield rng.permutation(np.arange(24)).reshape(8, 3), rng.integers(20, 60, size=8), 3.0


def _solve(X, y, penalty):
    """Ridge with any penalty matrix on centered data."""
    center = X.mean(axis=0)
    Xc = X - center
    w = np.linalg.solve(Xc.T @ Xc + penalty, Xc.T @ y)
    return w, y.mean() - center @ w


@misconception
def intercept_penalized(X, y, lam):
    """The intercept is charged for, too, so all predictions are drawn toward 0.

    With a column of ones and `lam * np.eye(d + 1)` the intercept is one more coefficient. But it is no effect: it says
    only where 0 lies on the scale of `y`. In degrees Fahrenheit you would get another model than in Celsius."""
    Z = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.solve(Z.T @ Z + lam * np.eye(Z.shape[1]), Z.T @ y)
    return solution[:-1], solution[-1]


@misconception
def no_intercept(X, y, lam):
    """The model goes through the origin.

    Without an intercept, and without centering, the coefficients have to carry the whole height of `y`, and are charged
    for it."""
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y), 0.0


@misconception
def only_the_target_centered(X, y, lam):
    """The slopes suppose that the features have mean 0, and these do not.

    Centering `y` alone does not take the intercept out of the problem: as long as the columns have means, the slopes
    still move the height of the plane. Center the columns."""
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


@misconception
def slopes_without_centering(X, y, lam):
    """The slopes are those of a model through the origin; only the intercept came afterwards.

    As long as the columns have means, the slopes carry the height of `y`, and shifting the plane later does not free
    them of it."""
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, y.mean() - X.mean(axis=0) @ w


@misconception
def intercept_is_the_mean(X, y, lam):
    """The slopes are right, and the intercept is the mean of `y`.

    That is the intercept for centered features. Whoever multiplies `w` with the features as they are needs it moved
    back."""
    return _solve(X, y, lam * np.eye(X.shape[1]))[0], y.mean()


@misconception
def penalty_times_rows(X, y, lam):
    """The penalty is too strong, by a factor of the number of rows.

    If the loss is a *mean* of squares, `lam` belongs beside the mean, and multiplying out puts an `n` before it. Here
    the loss is a sum. Both conventions are in use, so look up which one a library means before you compare values."""
    return _solve(X, y, lam * len(y) * np.eye(X.shape[1]))


@misconception
def penalty_over_rows(X, y, lam):
    """The penalty is too weak, by a factor of the number of rows.

    A sum of squares is set against `lam` here, so nothing is to be divided by `n`."""
    return _solve(X, y, lam / len(y) * np.eye(X.shape[1]))


@misconception
def penalty_squared(X, y, lam):
    """The penalty is the square of what was asked for.

    Extra rows of data are a good way to add a penalty. But a row's residual is squared in the loss, so each row has to
    hold the *root* of `lam`."""
    return _solve(X, y, lam**2 * np.eye(X.shape[1]))


@misconception
def no_penalty(X, y, lam):
    """The penalty has no effect: that is least squares.

    `lam` is not in use, or it multiplies something that does not reach `w`."""
    center = X.mean(axis=0)
    w = np.linalg.lstsq(X - center, y, rcond=None)[0]
    return w, y.mean() - center @ w


@misconception
def every_entry_penalized(X, y, lam):
    """`lam` was added to the whole matrix, not to its diagonal.

    A number plus a matrix broadcasts to every entry. That charges for the square of the *sum* of the coefficients, so
    two large ones of opposite signs cost nothing: just what ridge is meant to prevent."""
    try:
        return _solve(X, y, lam)
    except np.linalg.LinAlgError:
        return np.zeros(X.shape[1]), y.mean()


@misconception
def scaled_first(X, y, lam):
    """The features were standardized before the penalty was applied.

    That is often the right thing to do, and then it is done by the caller, knowingly. This function charges for the
    coefficients of the columns as they come."""
    return _solve(X, y, lam * np.diag(X.var(axis=0)))


@behaviour("a larger penalty gives smaller coefficients")
def norm_shrinks(student, rng):
    """Charging more for size buys less of it: the length of `w` falls as `lam` grows, at last to nothing."""
    X, y = _data(rng, 12, 3)
    norms = [float(np.linalg.norm(student.ridge(X, y, lam)[0])) for lam in (0.1, 1.0, 10.0, 1000.0, 1e9)]
    if any(b >= a for a, b in zip(norms, norms[1:], strict=False)) or norms[-1] > 1e-4:
        fail("The coefficients do not shrink as the penalty grows.", case=(X, y), actual=norms)


@behaviour("raising all of y raises only the intercept")
def height_is_free(student, rng):
    """The zero of a scale is a convention: prices may be counted from 0 or from a million. So the height of the plane
    must cost nothing, and the slopes must not feel it."""
    X, y = _data(rng, 12, 3)
    w, b = student.ridge(X, y, 2.0)
    expected = (np.asarray(w), b + 1000)
    actual = student.ridge(X, y + 1000, 2.0)
    if not np.allclose(actual[0], expected[0], atol=1e-6) or not np.isclose(actual[1], expected[1]):
        fail("With 1000 added to all of `y`, the slopes change.", case=(X, y), expected=expected, actual=actual)
