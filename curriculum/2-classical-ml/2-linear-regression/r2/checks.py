"""r2(y, p): one minus squared error over squared deviations from the mean; negative for bad predictions."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def pairs(y, p):
    return y.ndim == 1 and y.shape == p.shape and len(y) >= 1 and bool(np.isfinite(y).all() and np.isfinite(p).all())


@cases
def predictions(rng):
    """Good ones, biased ones, ones that point the wrong way, and labels that never change."""
    n = int(rng.integers(6, 15))
    y = rng.permutation(np.arange(n) + rng.uniform(0, 0.8, size=n)) + 3
    noise = rng.permutation(np.tile([-1.0, 0.4, 1.2], n)[:n])
    yield y, y + noise
    yield y, 0.5 * y + 1 + noise
    yield y, y + float(rng.uniform(8, 20)) + noise
    yield y, -y
    yield y, np.full(n, float(rng.integers(30, 40)))
    yield rng.permutation(np.arange(8)), rng.permutation(np.arange(8))
    yield np.full(5, 4.0), np.full(5, 4.0)
    yield np.array([3.0]), np.array([3.0])
    yield np.full(5, 4), np.array([4, 4, 5, 4, 3])


def _guarded(formula):
    """A wrong formula for labels that vary, the right rule for those that do not."""

    def r2(y, p):
        if (y == y[0]).all():
            return float((y == p).all())
        with np.errstate(all="ignore"):
            return float(formula(y, p))

    return r2


def _r2(y, p):
    return 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def _correlation(y, p):
    if np.ptp(p) == 0:
        return 0.0
    return np.corrcoef(y, p)[0, 1]


@misconception
def squared_correlation(y, p):
    """You give the squared correlation: predictions that are all 10 too high still get full marks.

    For least squares on its own training data the two agree, hence the name R². For any other predictions they do not:
    a correlation ignores a shift, a wrong scale, and, once squared, even the wrong sign."""
    return _guarded(lambda y, p: _correlation(y, p) ** 2)(y, p)


@misconception
def never_negative(y, p):
    """Predictions worse than the mean get 0.

    A share below 0 looks like a mistake, so it is tempting to cut it off. But −3 says something: the predictions do
    more harm than knowing nothing. On held-out data this happens, and you want to see it."""
    return _guarded(lambda y, p: max(0.0, _r2(y, p)))(y, p)


@misconception
def truth_and_prediction_swapped(y, p):
    """Truth and predictions have changed places.

    Squared errors do not care which is which, but the yardstick does: it is the spread of the *truth* about its own
    mean."""
    with np.errstate(all="ignore"):
        if (y == y[0]).all():
            return float((y == p).all())
        if (p == p[0]).all():
            return float((y == p).all())
        return float(_r2(p, y))


@misconception
def spread_of_predictions(y, p):
    """The yardstick is the spread of the predictions, not that of the truth.

    A model that predicts wildly would then look better for it. The question is how much there was to explain, and that
    is the spread of `y` about its mean."""
    with np.errstate(all="ignore"):
        if (y == y[0]).all():
            return float((y == p).all())
        total = ((p - p.mean()) ** 2).sum()
        return float(1 - ((y - p) ** 2).sum() / total) if total else float("-inf")


@misconception
def explained_share(y, p):
    """You divide the spread of the predictions by that of the truth.

    Among least-squares fits on their training data this is R², too. In general it asks only whether the predictions
    vary enough, not whether they are right."""
    return _guarded(lambda y, p: ((p - y.mean()) ** 2).sum() / ((y - y.mean()) ** 2).sum())(y, p)


@misconception
def bias_hidden(y, p):
    """A constant error costs nothing: you measured the *variance* of the residuals.

    That is the explained variance. It forgives a model that is 10 too high everywhere. Square the residuals themselves,
    without taking their mean away."""
    return _guarded(lambda y, p: 1 - np.var(y - p) / np.var(y))(y, p)


@misconception
def share_of_error(y, p):
    """You give the share of the error that is left, not the one that is gone.

    Perfect predictions get 0 that way. R² is what is missing to 1."""
    return _guarded(lambda y, p: 1 - _r2(y, p))(y, p)


@misconception
def roots(y, p):
    """You compare deviations, not squares.

    The roots were taken before dividing. A ratio of roots is the root of the ratio, so the error looks larger than the
    share of variation it is."""
    return _guarded(lambda y, p: 1 - np.sqrt(1 - _r2(y, p)))(y, p)


@misconception
def measured_from_zero(y, p):
    """The yardstick measures `y` from 0, not from its mean.

    A predictor that always answers 0 is a very weak opponent when the labels are far from 0, so nearly any model looks
    good. The opponent knows the mean."""
    return _guarded(lambda y, p: 1 - ((y - p) ** 2).sum() / (y**2).sum())(y, p)


@misconception
def constant_labels_divided_by_zero(y, p):
    """Where `y` never changes you divide by 0.

    There is nothing to explain then, so the formula has no meaning and a rule has to take its place."""
    with np.errstate(all="ignore"):
        return float(1 - np.float64(((y - p) ** 2).sum()) / ((y - y.mean()) ** 2).sum())


@behaviour("always answering the mean scores 0")
def mean_scores_zero(student, rng):
    """The mean of `y` is the opponent, so it is exactly as good as itself."""
    y = rng.normal(3, 2, size=9)
    actual = student.r2(y, np.full(9, y.mean()))
    if not abs(actual) < 1e-9:
        fail("Predicting the mean does not score 0.", case=y, expected=0.0, actual=actual)


def _case(rng):
    y = rng.normal(2, 3, size=8)
    return y, y + rng.normal(1, 1, size=8)


row_order = probes.permutation(
    of="r2",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Sums do not know the order of their terms. If yours does, truth and predictions have come apart.",
)
