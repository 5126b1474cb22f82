"""fit_logreg(X, y, l2): the minimum of summed log-loss and l2 / 2 |w|^2, intercept free."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@valid
def both_classes(X, y, l2):
    fits = X.ndim == 2 and y.shape == (len(X),) and X.shape[1] >= 1 and 0.2 <= l2 <= 20
    return fits and set(np.unique(y)) == {0, 1} and 0.3 < np.abs(X).max() < 10


def _data(rng, n, d):
    """Overlapping classes of unequal size; columns of size about 1 that are not centered."""
    X = rng.normal(size=(n, d)) * rng.uniform(0.7, 1.6, size=d) + rng.uniform(0.4, 0.9, size=d)
    score = X @ (rng.uniform(0.6, 1.4, size=d) * rng.choice([-1.0, 1.0], size=d)) + rng.normal(scale=1.5, size=n)
    return X, (score > np.quantile(score, 0.65)).astype(int)


@cases(compare=compare.close(rtol=1e-3, atol=1e-3))
def patients(rng):
    for n, d, l2 in ((14, 1, 0.5), (24, 2, 2.0), (30, 3, 6.0), (12, 5, 1.0)):
        yield *_data(rng, n + int(rng.integers(0, 6)), d), l2 * float(rng.uniform(0.85, 1.15))
    X, y = _data(rng, 20, 2)
    yield X, 1 - y, 0.5


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def _minimum(Z, y, penalty, steps=25):
    """Newton's method with a penalty for each column; halves a step that does not help."""
    theta = np.zeros(Z.shape[1])

    def loss(t):
        return (np.logaddexp(0, Z @ t) - y * (Z @ t)).sum() + (penalty * t * t).sum() / 2

    for _ in range(steps):
        p = _sigmoid(Z @ theta)
        curvature = (Z.T * (p * (1 - p))) @ Z + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curvature, Z.T @ (p - y) + penalty * theta)
        while np.abs(step).max() > 1e-9 and loss(theta - step) > loss(theta):
            step = step / 2
        theta = theta - step
        if np.abs(step).max() < 1e-9:
            break
    return theta


def _fit(X, y, l2, on_intercept=0.0):
    Z = np.column_stack([X, np.ones(len(X))])
    theta = _minimum(Z, y, np.append(np.full(X.shape[1], float(l2)), on_intercept))
    return theta[:-1], float(theta[-1])


@misconception
def intercept_penalized(X, y, l2):
    """The intercept is charged for, too, so all probabilities are drawn toward one half.

    With a column of ones in `X` it is one more parameter, and `l2 * theta` reaches it. But where most examples are
    negative, a large negative intercept is no sign of a complicated model. Leave it free."""
    return _fit(X, y, l2, on_intercept=l2)


@misconception
def penalty_doubled(X, y, l2):
    """The penalty is twice as strong as asked for.

    The derivative of $\\lambda w^2$ is $2 \\lambda w$; here the penalty is half of that, so that the 2 goes away. Both
    conventions are common, and a factor of two is easily carried from one to the other."""
    return _fit(X, y, 2 * l2)


@misconception
def penalty_halved(X, y, l2):
    """The penalty is half as strong as asked for.

    The half belongs to the loss. Its derivative, with the 2 of the square, is `l2 * w`."""
    return _fit(X, y, l2 / 2)


@misconception
def mean_of_losses(X, y, l2):
    """The penalty is far too strong: you took the mean of the log-losses, and `l2` beside it.

    A mean is `n` times smaller than a sum, so the same `l2` weighs `n` times as much. Look up which of the two a
    library means before you carry values over."""
    return _fit(X, y, l2 * len(y))


@misconception
def penalty_inverted(X, y, l2):
    """The larger `l2` is, the weaker the penalty.

    You used it as scikit-learn's `C`, which is its inverse: `C` says how much the data count."""
    return _fit(X, y, 1 / l2)


@misconception
def no_intercept(X, y, l2):
    """The model has no intercept.

    It then says one half wherever all features are 0, which is a decision nobody made."""
    return _minimum(X, y, np.full(X.shape[1], float(l2))), 0.0


@misconception
def no_penalty(X, y, l2):
    """The penalty has no effect.

    `l2` does not reach the gradient of the coefficients. If some line separates the classes, nothing keeps them from
    growing forever."""
    return _fit(X, y, 0.0)


@misconception
def least_squares(X, y, l2):
    """This is ridge regression on the labels, not a logistic model.

    Its predictions may lie below 0 or above 1, and examples that are clearly right pull at the fit as well. The
    sigmoid is missing between score and label."""
    center = X.mean(axis=0)
    w = np.linalg.solve((X - center).T @ (X - center) + l2 * np.eye(X.shape[1]), (X - center).T @ y)
    return w, float(y.mean() - w @ center)


@misconception
def labels_swapped(X, y, l2):
    """All signs are turned round: your model predicts the 0.

    Swapping the labels flips the sign of every coefficient. Somewhere `y - p` stands for `p - y`, or label 1 was
    taken for the negative class."""
    return _fit(X, 1 - y, l2)


@misconception
def one_newton_step(X, y, l2):
    """One step is not enough.

    A single Newton step from zero treats the loss as a parabola. It is none, so curvature and gradient have to be
    computed again at the new place, until nothing moves."""
    Z = np.column_stack([X, np.ones(len(X))])
    theta = _minimum(Z, y, np.append(np.full(X.shape[1], float(l2)), 0.0), steps=1)
    return theta[:-1], float(theta[-1])


@behaviour("at your parameters the gradient is zero")
def gradient_is_zero(student, rng):
    """The loss has a single valley, and at its bottom the ground is level. If a slope is left, the descent was
    stopped too early, or it minimizes something else. A fixed number of steps says nothing about having arrived; the
    gradient does."""
    X, y = _data(rng, 25, 3)
    w, b = student.fit_logreg(X, y, 1.5)
    error = _sigmoid(X @ np.asarray(w) + b) - y
    gradient = np.append(X.T @ error + 1.5 * np.asarray(w), error.sum())
    if np.abs(gradient).max() > 0.01:
        fail("A slope is left at your parameters.", case=(X, y, 1.5), expected=np.zeros(4), actual=gradient)


@behaviour("stays finite where a line separates the classes")
def separable(student, rng):
    """Without a penalty the loss falls forever as the coefficients grow, and the fit never ends. With one there is a
    minimum, and it is to be found here as well."""
    X = np.concatenate([rng.uniform(1, 2, size=(6, 2)), rng.uniform(-2, -1, size=(6, 2))])
    y = np.repeat([1, 0], 6)
    expected = _fit(X, y, 0.3)
    actual = student.fit_logreg(X, y, 0.3)
    close = np.allclose(actual[0], expected[0], atol=0.01) and abs(actual[1] - expected[1]) < 0.01
    if not close:
        fail("Where the classes are separable, the fit does not arrive.", case=(X, y), expected=expected, actual=actual)
