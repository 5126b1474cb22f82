"""split_gain(g, h, left, lam, gamma): XGBoost's gain and leaf steps from first and second derivatives."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def two_sides(g, h, left, lam, gamma):
    if g.ndim != 1 or not g.shape == h.shape == left.shape or left.dtype.kind != "b":
        return False
    return bool(left.any() and not left.all() and (h > 0).all()) and lam >= 0


def _logistic(rng, n):
    """Derivatives of the log loss at random predictions: h differs from row to row."""
    p = rng.uniform(0.1, 0.9, size=n)
    return p - (rng.random(n) < 0.5), p * (1 - p)


def _mask(rng, n):
    left = np.zeros(n, dtype=bool)
    left[rng.permutation(n)[: int(rng.integers(1, n // 2))]] = True
    return left


@cases
def leaves(rng):
    for lam, gamma in ((1.0, 0.25), (0.0, 0.0), (round(float(rng.uniform(2, 5)), 1), 1.0), (0.5, 0.0)):
        n = int(rng.integers(5, 12))
        g, h = _logistic(rng, n)
        yield g, h, _mask(rng, n), lam, gamma
    n = int(rng.integers(4, 8))
    yield rng.normal(size=n) + 2, np.ones(n), _mask(rng, n), 1.0, 0.5


def _leaf(g, h, lam):
    return float(g.sum() ** 2 / (h.sum() + lam) / 2), float(-g.sum() / (h.sum() + lam))


def _answer(g, h, left, lam, gamma, leaf=_leaf):
    (a, step_a), (b, step_b) = leaf(g[left], h[left], lam), leaf(g[~left], h[~left], lam)
    return a + b - leaf(g, h, lam)[0] - gamma, step_a, step_b


@misconception
def uphill_steps(g, h, left, lam, gamma):
    """The steps have the wrong sign: they climb.

    `g` points to where the loss grows. A leaf steps against it. For squared error `g` is prediction minus target, and
    the step must be the mean of target minus prediction."""
    gain, step_left, step_right = _answer(g, h, left, lam, gamma)
    return gain, -step_left, -step_right


@misconception
def rows_counted_for_curvature(g, h, left, lam, gamma):
    """The steps are means of `g`: you divided by the number of rows.

    That is right for squared error, where each `h` is 1. Elsewhere the curvature decides how far a step may go: where
    the loss bends little, as at a probability near 0 or 1, the step is longer."""
    return _answer(g, np.ones(len(h)), left, lam, gamma)


@misconception
def one_leaf_forgotten(g, h, left, lam, gamma):
    """The gain is too large: the rows could have been *one* leaf.

    Even without the split a step for all rows together would have gained something. A split only earns what comes on
    top of it; otherwise every split looks worth making."""
    gain, step_left, step_right = _answer(g, h, left, lam, gamma)
    return gain + _leaf(g, h, lam)[0], step_left, step_right


@misconception
def half_forgotten(g, h, left, lam, gamma):
    """Without `gamma`, the gain would be twice what it is.

    At the best step the loss has fallen by half of G²/(H + λ): the linear term wins all of it, and the bend takes half
    back."""
    gain, step_left, step_right = _answer(g, h, left, lam, 0.0)
    return 2 * gain - gamma, step_left, step_right


@misconception
def price_added(g, h, left, lam, gamma):
    """`gamma` was added; it is a price.

    With a larger `gamma` fewer splits should be worth making. A split is made if its gain, the price paid, is still
    positive."""
    gain, step_left, step_right = _answer(g, h, left, lam, -gamma)
    return gain, step_left, step_right


@misconception
def penalty_left_out(g, h, left, lam, gamma):
    """`lam` has no effect.

    It is added to each leaf's sum of `h`, so that leaves with few rows take small steps. Without it a leaf of one row
    believes that row entirely."""
    return _answer(g, h, left, 0.0, gamma)


@misconception
def penalty_for_each_row(g, h, left, lam, gamma):
    """`lam` was added for every row, not once for each leaf.

    Added to each `h` it grows with the leaf and holds back all leaves alike. Added once it holds back small leaves and
    hardly touches large ones, which is its purpose."""
    return _answer(g, h + lam, left, 0.0, gamma)


@misconception
def penalty_multiplied(g, h, left, lam, gamma):
    """The penalty was taken off the sum of gradients instead of added to the sum of `h`.

    That shortens every step by a fixed amount. It is another penalty, on the size of steps (`alpha` in XGBoost), and
    not the one in the formula."""

    def leaf(g, h, lam):
        G = np.sign(g.sum()) * max(abs(g.sum()) - lam, 0.0)
        return float(G**2 / h.sum() / 2), float(-G / h.sum())

    return _answer(g, h, left, lam, gamma, leaf)


@behaviour("no split is free: parting rows that want the same step gains nothing")
def same_wish_gains_nothing(student, rng):
    """If both sides would take the same step, two leaves are no better than one: without `lam` the gain is 0, and with
    a price it is negative. A gain that stays positive here would let trees grow for ever."""
    n = int(rng.integers(3, 6))
    g, h = np.tile(rng.normal(size=n), 2), np.tile(rng.uniform(0.5, 1.0, size=n), 2)
    left = np.arange(2 * n) < n
    for gamma in (0.0, 0.5):
        gain = student.split_gain(g, h, left, 0.0, gamma)[0]
        if abs(gain + gamma) > 1e-9:
            fail(
                "Two sides that want the same step gain something.",
                case=(g, h, left, 0.0, gamma),
                expected=-gamma,
                actual=gain,
            )
