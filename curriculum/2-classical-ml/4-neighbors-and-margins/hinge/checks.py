"""hinge(w, X, y): mean hinge loss and a subgradient, labels 0 and 1."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _signs(y):
    return np.where(y == 1, 1.0, -1.0)


def _margins(w, X, y):
    return _signs(y) * (X @ w)


def _loss(w, X, y):
    return float(np.maximum(0, 1 - _margins(w, X, y)).mean())


@valid
def away_from_kinks(w, X, y):
    shapes = w.ndim == 1 and X.ndim == 2 and X.shape == (len(y), len(w)) and min(X.shape) >= 1
    return shapes and bool(np.isin(y, (0, 1)).all()) and bool((np.abs(_margins(w, X, y) - 1) > 1e-6).all())


def _rows(rng, n, d):
    """Rows of both classes with margins of every kind: wrong side, too near, content."""
    w = rng.normal(size=d)
    w /= np.linalg.norm(w)
    y = np.concatenate([np.arange(6) % 2, rng.integers(0, 2, size=n - 6)])
    margin = np.concatenate([[-1.6, -0.7, 0.4, 0.3, 1.8, 2.3], rng.choice([-0.5, 0.5, 1.5], size=n - 6)])
    X = rng.normal(size=(n, d))
    X += np.outer(_signs(y) * (margin + rng.uniform(-0.2, 0.2, size=n)) - X @ w, w)
    order = rng.permutation(n)
    return w, X[order], y[order]


@cases
def rows(rng):
    for n in (6, 9, 14):
        yield _rows(rng, n, int(rng.integers(2, 5)))
    w, X, y = _rows(rng, 8, 3)
    yield np.zeros(3), X, y
    yield w, X[y == 0], y[y == 0]


def _slope(w, X, y, sign=None, active=None):
    sign = _signs(y) if sign is None else sign
    active = _margins(w, X, y) < 1 if active is None else active
    return -(sign * active) @ X / len(y)


@misconception
def zeros_as_they_are(w, X, y):
    """Class 0 has no margin: its rows lose 1 each, whatever `w` is, and never pull.

    Label times score is meant for labels -1 and +1. With a label of 0 the product is 0, so half of the data takes
    no part in the training. Turn the labels into signs first."""
    margin = y * (X @ w)
    return float(np.maximum(0, 1 - margin).mean()), -(y * (margin < 1)) @ X / len(y)


@misconception
def no_room_asked(w, X, y):
    """Rows on the right side are content at once, however near the boundary they are.

    That is the perceptron's loss, `max(0, -margin)`. The hinge asks for a margin of 1; without that, `w = 0` would be a
    perfect answer."""
    margin = _margins(w, X, y)
    return float(np.maximum(0, -margin).mean()), _slope(w, X, y, active=margin < 0)


@misconception
def slope_of_the_wrong_ones(w, X, y):
    """The loss is right, but the slope leaves out the rows that are on the right side and too near.

    They have a loss, so they have a slope: every row with a margin below 1 pulls."""
    return _loss(w, X, y), _slope(w, X, y, active=_margins(w, X, y) < 0)


@misconception
def everybody_pulls(w, X, y):
    """The loss is right, but in the slope the content rows pull as well.

    Where `max(0, 1 - margin)` is 0 it is flat, so those rows add nothing. That is what makes the support vectors
    few."""
    return _loss(w, X, y), _slope(w, X, y, active=1.0)


@misconception
def uphill(w, X, y):
    """The slope has the wrong sign.

    `sign * x` is what a descent *adds* to `w`. The subgradient itself points to where the loss grows."""
    return _loss(w, X, y), -_slope(w, X, y)


@misconception
def sums(w, X, y):
    """Loss and slope are sums over the rows; the mean is asked for.

    A sum grows with the number of rows, and the learning rate would have to shrink with it."""
    return _loss(w, X, y) * len(y), _slope(w, X, y) * len(y)


@misconception
def slope_is_a_sum(w, X, y):
    """The loss is a mean, and the slope is a sum.

    The two have to belong together: the slope of a mean is the mean of the slopes, over all `n` rows."""
    return _loss(w, X, y), _slope(w, X, y) * len(y)


@misconception
def mean_over_the_active(w, X, y):
    """The slope is averaged over the rows that pull, not over all rows.

    The loss is a mean over all `n` rows, the content ones included with 0, so its slope is divided by `n`, too."""
    active = _margins(w, X, y) < 1
    return _loss(w, X, y), _slope(w, X, y) * len(y) / max(int(active.sum()), 1)


@misconception
def squared_hinge(w, X, y):
    """You squared the hinge.

    The squared hinge is smooth, and what `LinearSVC` minimizes unless told otherwise. It punishes one far outlier much
    harder. Here the plain hinge is asked for."""
    slack = np.maximum(0, 1 - _margins(w, X, y))
    return float((slack**2).mean()), -(2 * slack * _signs(y)) @ X / len(y)


@misconception
def share_of_mistakes(w, X, y):
    """Your loss is the share of rows on the wrong side.

    That is the error rate: it jumps from 0 to 1 and is flat in between, so it says nothing about where to go. The hinge
    grows with how far a row is from being content."""
    return float((_margins(w, X, y) < 0).mean()), _slope(w, X, y)


def _fourteen(rng):
    return _rows(rng, 14, 3)


row_order = probes.permutation(
    of="hinge",
    make=_fourteen,
    args=(1, 2),
    output=None,
    title="the order of the rows plays no part",
    message="Loss and slope are means over the rows, and a mean does not know their order.",
)


@behaviour("the loss lies above the plane through your slope, everywhere")
def supports_from_below(student, rng):
    """That is what a subgradient is: from `w`, a straight line with this slope never rises above the loss. It holds for
    every right slope away from the kinks, and at a kink for everything between the slopes of the two sides."""
    w, X, y = _rows(rng, 12, 3)
    kink = np.array([1.0, 0.0]), np.array([[1.0, 2.0], [-1.0, 3.0], [1.0, -1.0]]), np.array([1, 0, 1])
    for w, X, y in ((w, X, y), kink):  # noqa: B020
        loss, slope = student.hinge(w, X, y)
        slope = np.asarray(slope, dtype=float)
        for _ in range(30):
            other = w + rng.normal(size=len(w)) * rng.choice([0.1, 1.0, 5.0])
            line = loss + slope @ (other - w)
            if line > _loss(other, X, y) + 1e-9:
                fail(
                    "A line with your slope cuts through the loss.",
                    case=(w, X, y),
                    expected=f"at most {_loss(other, X, y):.6g} at w = {other.round(3).tolist()}",
                    actual=float(line),
                )


@behaviour("a descent along your slope finds a boundary")
def learns(student, rng):
    """Small steps against a right slope lower the loss, until all rows are content or nearly so."""
    direction = rng.normal(size=2)
    y = rng.permutation(np.arange(20) % 2)
    X = rng.normal(size=(20, 2)) * 0.3 + np.outer(_signs(y), 2 * direction / np.linalg.norm(direction))
    w = np.zeros(2)
    for _ in range(30):
        w = w - 0.3 * np.asarray(student.hinge(w, X, y)[1])
    if _loss(w, X, y) > 0.3:
        fail(
            "After 30 steps the loss is still high.", case="20 rows, far apart", expected="< 0.3", actual=_loss(w, X, y)
        )
