"""fit_line(x, y): slope and intercept of least squares, also for x far from zero."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def a_cloud(x, y):
    return x.ndim == y.ndim == 1 and len(x) == len(y) >= 2 and len(np.unique(x)) >= 2


def _cloud(rng, n):
    """Unsorted points about a line that misses the origin, with clear residuals; x is not centered."""
    x = rng.uniform(1, 4) + rng.permutation(np.arange(n) + rng.uniform(0, 0.5, size=n))
    slope = float(rng.uniform(0.8, 3) * rng.choice([-1.0, 1.0]))
    noise = rng.permutation(np.tile([-1.0, 0.4, 1.2], n)[:n])
    return x, slope * x + float(rng.uniform(6, 9)) + noise


@cases
def clouds(rng):
    for n in (4, int(rng.integers(8, 30))):
        yield _cloud(rng, n)
    yield rng.permutation(np.arange(3, 9)), rng.integers(1, 20, size=6)
    yield np.array([1.0, 3.0]), rng.permutation(np.array([2.0, 7.0]))


def _slope(x, y):
    dx = x - x.mean()
    return dx @ y / (dx @ dx)


def _through_means(x, y, slope):
    return slope, y.mean() - slope * x.mean()


@misconception
def through_the_origin(x, y):
    """The line goes through the origin, whether the data do or not.

    `x @ y / (x @ x)` is the best line without an intercept. With one, the slope is about how `y` changes as `x` moves
    away from its *mean*, not from 0."""
    return x @ y / (x @ x), 0.0


@misconception
def slope_through_the_origin(x, y):
    """The slope is that of a line through the origin; only the intercept was fitted afterwards.

    `x @ y / (x @ x)` measures `x` and `y` from 0. Both have to be measured from their means before they are
    multiplied."""
    return _through_means(x, y, x @ y / (x @ x))


@misconception
def x_from_y(x, y):
    """The line predicts `x` from `y`.

    The covariance was divided by the variance of `y`. Covariance is symmetric, regression is not: the residuals are
    measured along the axis that is predicted."""
    return _through_means(x, y, (x - x.mean()) @ (y - y.mean()) / ((y - y.mean()) @ (y - y.mean())))


@misconception
def x_from_y_inverted(x, y):
    """The line is too steep.

    You fitted `x` from `y` and turned the equation round. That line has the smallest squares *along x*. Unless the
    points lie exactly on a line, the two are different lines."""
    return _through_means(x, y, (y - y.mean()) @ (y - y.mean()) / ((x - x.mean()) @ (y - y.mean())))


@misconception
def correlation_as_slope(x, y):
    """The slope is always between −1 and 1: it is a correlation.

    The correlation is the slope after both `x` and `y` were standardized. It has no units; a slope has those of `y` per
    `x`."""
    return _through_means(x, y, np.corrcoef(x, y)[0, 1])


@misconception
def mixed_divisors(x, y):
    """The slope is slightly too steep, the more so the fewer points there are.

    `np.cov` divides by `n - 1`, `np.var` by `n`. Each is fine, but a quotient of the two keeps a factor `n / (n -
    1)`. Take both from the same source, or sums instead of averages."""
    return _through_means(x, y, np.cov(x, y)[0, 1] / np.var(x))


@misconception
def intercept_first(x, y):
    """Both numbers are right, and in the wrong order.

    The slope comes first, as in `np.polyfit`."""
    slope = _slope(x, y)
    return y.mean() - slope * x.mean(), slope


@misconception
def first_to_last(x, y):
    """The line joins two points and ignores all others.

    Two points fix a line, so it is tempting to take the first and the last. Every point pulls, and the order in which
    they come means nothing."""
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    return slope, y[0] - slope * x[0]


@misconception
def average_of_slopes(x, y):
    """The slope is an average of the slopes between neighboring rows.

    Two points close together in `x` give a wild slope and count as much as any. And the order of the rows means
    nothing."""
    with np.errstate(all="ignore"):
        return _through_means(x, y, np.mean(np.diff(y) / np.diff(x)))


@behaviour("at your line the gradient of the loss is zero")
def gradient_is_zero(student, rng):
    """At the bottom of a valley the ground is level. If a partial derivative of the loss is not 0 at your line, a
    small change of slope or intercept makes it better. A descent that was stopped early shows like this, and so does
    a formula that minimizes something else."""
    x, y = _cloud(rng, 25)
    slope, intercept = student.fit_line(x, y)
    residual = y - slope * x - intercept
    gradient = np.array([-2 * (residual @ x), -2 * residual.sum()]) / len(x)
    scale = np.array([np.abs(y) @ np.abs(x), np.abs(y).sum()]) / len(x)
    if (np.abs(gradient) > 1e-5 * scale).any():
        fail(
            "The loss still falls if slope or intercept is changed a little.",
            case=(x, y),
            expected=np.zeros(2),
            actual=gradient,
        )


@behaviour("other units give the same line in other units")
def units(student, rng):
    """Converting meters to centimeters, or Celsius to Fahrenheit, changes the numbers and not the facts. Slope and
    intercept have to convert along."""
    x, y = _cloud(rng, 12)
    a, b, c = float(rng.uniform(2, 5)), float(rng.uniform(1, 9)), float(rng.uniform(0.1, 0.5))
    slope, intercept = student.fit_line(x, y)
    actual = student.fit_line(c * x, a * y + b)
    expected = (a * slope / c, a * intercept + b)
    if not np.allclose(actual, expected, rtol=1e-5, atol=1e-7):
        fail("In other units you get another line.", case=(x, y), expected=expected, actual=actual)


@behaviour("holds up when x is far from zero")
def far_from_zero(student, rng):
    """Moving the whole cloud sideways cannot change its slope. But near a hundred million, `n * sum(x*x) - sum(x)**2`
    is the difference of two huge and almost equal numbers, and none of their 16 digits are left over for it. The bowl
    of the loss becomes a long narrow ditch as well, in which a descent creeps. Measure `x` from its mean *before* you
    square."""
    x, y = _cloud(rng, 20)
    expected = _slope(x, y)
    try:
        actual = student.fit_line(x + 1e8, y)[0]
    except ZeroDivisionError:
        actual = float("nan")
    if not np.isclose(actual, expected, rtol=1e-3):
        fail("Once x is near 100,000,000 the slope is lost.", expected=expected, actual=actual)
