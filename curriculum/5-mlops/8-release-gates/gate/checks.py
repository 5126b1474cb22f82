"""gate(y, new, old, margin, draws, rng): paired differences, a bootstrap interval, a margin."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def answers(y, new, old, margin, draws, rng):
    fits = y.ndim == 1 and y.shape == new.shape == old.shape and len(y) >= 2 and draws >= 20
    return fits and bool(np.isin(y, (0, 1)).all() and ((new > 0) & (new < 1) & (old > 0) & (old < 1)).all())


def _losses(y, p):
    return -np.log(np.where(y == 1, p, 1 - p))


def _answers(rng, n, spread):
    """Outcomes, the released model's chances, and a candidate's that are moved by ``spread``."""
    z = rng.normal(0, 1.2, size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int)
    worse = z + rng.normal(0, spread, size=n) if spread > 0 else z
    return y, 1 / (1 + np.exp(-worse)), 1 / (1 + np.exp(-z))


def _undecided(rng, n):
    """Two models that are about as good; the first has the better mean, by less than its error; and both of these."""
    while True:
        y, first, _ = _answers(rng, n, 0.6)
        second = np.clip(first + rng.uniform(-0.1, 0.1, size=n), 0.03, 0.97)
        gap = _losses(y, first) - _losses(y, second)
        error = gap.std() / np.sqrt(n)
        if 0.3 * error < abs(gap.mean()) < 0.9 * error:
            first, second = (first, second) if gap.mean() < 0 else (second, first)
            return y, first, second, -abs(gap.mean()), error


@cases
def releases(rng):
    """Candidates that are the same, better, worse; margins on both sides of everything."""
    for n, spread, swap, margin in (
        (60, 0.3, False, 0.05),
        (60, 1.5, False, 0.02),
        (80, 1.2, True, 0.05),
        (80, 0.2, True, 0.01),
        (40, 0.4, True, 0.4),
        (150, 0.25, False, 0.3),
    ):
        y, worse, right = _answers(rng, n, spread)
        new, old = (right, worse) if swap else (worse, right)
        yield y, new, old, margin, 200, np.random.default_rng(int(rng.integers(1 << 30)))
    for shift in (0.7, -0.7, 3.5):
        y, new, old, mean, error = _undecided(rng, 50)
        yield y, new, old, float(mean + shift * error), 300, np.random.default_rng(int(rng.integers(1 << 30)))
    y, worse, right = _answers(rng, 100, 0.5)
    yield y, right, right.copy(), 0.01, 50, np.random.default_rng(1)
    sure = np.where(y == 1, 0.98, 0.02)
    yield y, np.where(y == 1, 0.7, 0.3), sure, 0.05, 100, np.random.default_rng(2)
    yield y, sure, np.where(y == 1, 0.7, 0.3), -0.1, 100, np.random.default_rng(3)


def _report(release, difference, means):
    low, high = np.quantile(means, [0.025, 0.975])
    verdict = release(low, high) if callable(release) else release
    return {"release": bool(verdict), "difference": float(difference), "low": float(low), "high": float(high)}


def _paired(y, new, old, draws, rng, loss=_losses):
    gap = loss(y, new) - loss(y, old)
    return gap.mean(), gap[rng.integers(len(y), size=(draws, len(y)))].mean(axis=1)


@misconception
def better_mean_alone(y, new, old, margin, draws, rng):
    """The candidate goes out when its mean is better, however uncertain that is.

    Two equally good models never have equal means on a sample, so half of all candidates get out by a coin's throw. The
    interval's end is what has to clear the margin."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(difference < 0, difference, means)


@misconception
def mean_below_the_margin(y, new, old, margin, draws, rng):
    """The mean difference is held against the margin, not the end of its interval.

    With few rows the truth may be far beyond it. Let out what you can *exclude* to be worse."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(difference < margin, difference, means)


@misconception
def fixed_threshold(y, new, old, margin, draws, rng):
    """The candidate's own loss is held against a fixed number; the released model plays no part.

    Whatever is below the number gets out, also what is clearly worse than today's model. Compare the two."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(_losses(y, new).mean() < 0.6, difference, means)


@misconception
def unpaired(y, new, old, margin, draws, rng):
    """The interval is far too wide: the rows were drawn for each model apart.

    What makes a row hard is the same for both and cancels only if both are asked about the same rows."""
    n = len(y)
    a = _losses(y, new)[rng.integers(n, size=(draws, n))].mean(axis=1)
    b = _losses(y, old)[rng.integers(n, size=(draws, n))].mean(axis=1)
    return _report(lambda low, high: high < margin, _losses(y, new).mean() - _losses(y, old).mean(), a - b)


@misconception
def the_hopeful_end(y, new, old, margin, draws, rng):
    """The better end of the interval is held against the margin.

    That lets out whatever is not *proved* to be worse: with few rows, everything."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(lambda low, high: low < margin, difference, means)


@misconception
def must_be_better(y, new, old, margin, draws, rng):
    """Only candidates that are proved to be *better* get out; the margin is not used.

    A model that is as good and newer, faster or fairer is then never released. The margin says how much worse is still
    no matter."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(lambda low, high: high < 0, difference, means)


@misconception
def no_difference_proved(y, new, old, margin, draws, rng):
    """The candidate goes out when 0 lies within the interval.

    “No difference was proved” is what a gate with three rows always says; and a clearly better candidate is blocked."""
    difference, means = _paired(y, new, old, draws, rng)
    return _report(lambda low, high: low <= 0 <= high, difference, means)


@misconception
def turned_round(y, new, old, margin, draws, rng):
    """The difference is the released model's loss minus the candidate's.

    Then the worse of the two gets out. Candidate minus released: below 0 is better."""
    difference, means = _paired(y, old, new, draws, rng)
    return _report(lambda low, high: high < margin, difference, means)


@misconception
def turned_round_consistently(y, new, old, margin, draws, rng):
    """The difference is the released model's loss minus the candidate's, and the gate was turned round with it.

    The verdict is right; the numbers that people read have the wrong sign."""
    difference, means = _paired(y, old, new, draws, rng)
    return _report(lambda low, high: low > -margin, difference, means)


@misconception
def hits_and_misses(y, new, old, margin, draws, rng):
    """Rows are counted as right or wrong at 0.5; the log-loss was asked for.

    0.51 and 0.99 are then the same, and a model that has become much too sure of itself passes."""
    difference, means = _paired(y, new, old, draws, rng, lambda y, p: ((p >= 0.5) != (y == 1)).astype(float))
    return _report(lambda low, high: high < margin, difference, means)


@misconception
def squared_errors(y, new, old, margin, draws, rng):
    """The losses are squared errors; the log-loss was asked for.

    It is a good loss, too (the Brier score), on another scale, for which the margin was not chosen."""
    difference, means = _paired(y, new, old, draws, rng, lambda y, p: (p - y) ** 2)
    return _report(lambda low, high: high < margin, difference, means)


@misconception
def ninety_percent(y, new, old, margin, draws, rng):
    """The interval holds 90 % of the sets, from 5 % to 95 %.

    95 % lie between 2.5 % and 97.5 %."""
    difference, means = _paired(y, new, old, draws, rng)
    low, high = np.quantile(means, [0.05, 0.95])
    return {"release": bool(high < margin), "difference": float(difference), "low": float(low), "high": float(high)}


@behaviour("a planted regression is stopped, the same model gets out")
def stops_a_regression(student, rng):
    """The released model's answers are made worse by noise, clearly beyond the margin. And a model that answers exactly
    as the released one is no worse than it."""
    y, worse, right = _answers(rng, 800, 2.0)
    seed = int(rng.integers(1 << 30))
    if student.gate(y, worse, right, 0.05, 200, np.random.default_rng(seed))["release"] is not False:
        fail("A candidate that is far worse gets out.", expected=False, actual=True)
    if student.gate(y, right, right, 0.05, 200, np.random.default_rng(seed))["release"] is not True:
        fail("A candidate that answers exactly as the released model is stopped.", expected=True, actual=False)
