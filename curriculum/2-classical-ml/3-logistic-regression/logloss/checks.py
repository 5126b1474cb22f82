"""logloss(y, z): mean log-loss from logits, finite and right at any size."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def labels_and_scores(y, z):
    return y.ndim == 1 and y.shape == z.shape and len(y) >= 1 and np.isin(y, (0, 1)).all()


def _scores(rng, n, scale):
    """Labels of both kinds, and scores on the right and on the wrong side of 0, none near it."""
    y = rng.permutation(np.arange(n) % 2)
    return y, rng.permutation(np.tile([-1.0, 1.0, 1.0, -1.0, 1.0], n)[:n]) * rng.uniform(0.3, 1, size=n) * scale


@cases
def scores(rng):
    for n, scale in ((5, 2.0), (9, 6.0), (1, 1.0)):
        yield _scores(rng, n + int(rng.integers(0, 4)), scale)
    y, _ = _scores(rng, 8, 1.0)
    yield y, rng.integers(1, 5, size=8) * rng.choice([-1, 1], size=8)
    yield np.ones(4, dtype=int), rng.uniform(1, 2, size=4)


@cases
def sure_scores(rng):
    """Probabilities that are rounded to 0 and 1, right and wrong."""
    yield _scores(rng, 7, 60.0)
    yield _scores(rng, 6, 10000.0)
    yield np.array([1, 0]), np.array([-10000.0, 10000.0])


def _probability(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z.astype(float)))


def _cost(y, z):
    return np.logaddexp(0, np.where(y == 1, -z, z))


@misconception
def log_of_sigmoid(y, z):
    """For large scores the loss becomes infinite, or `nan`.

    The sigmoid of 40 is exactly 1.0 in floats, so `log(1 - p)` asks for `log(0)`. The probability never was 1; it was
    rounded. The score still knows how sure the model is, so compute the logarithm from the score."""
    p = _probability(z)
    with np.errstate(all="ignore"):
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@misconception
def clipped(y, z):
    """Beyond a certain size, all mistakes cost the same.

    Clipping probabilities to 1e-15 avoids the infinity, and makes 34.5 the highest price there is. A model that is
    wrong with a score of 10,000 then has no reason to improve: the loss is flat there. Use the score, not the clipped
    probability."""
    p = np.clip(_probability(z), 1e-15, 1 - 1e-15)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@misconception
def clipped_at_machine_precision(y, z):
    """Beyond a certain size, all mistakes cost the same.

    Clipping probabilities away from 0 and 1 avoids the infinity, and makes 36 the highest price there is. A model
    that is wrong with a score of 10,000 then has no reason to improve. Use the score, not the clipped probability."""
    eps = np.finfo(float).eps
    p = np.clip(_probability(z), eps, 1 - eps)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@misconception
def hard_labels(y, z):
    """Every right answer costs nothing and every wrong one the same: the probabilities were rounded to 0 and 1 first.

    With hard labels the log-loss is only the error rate in disguise. How sure the model was is just what it is meant to
    price."""
    p = np.clip((z > 0).astype(float), 1e-15, 1 - 1e-15)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@misconception
def error_rate(y, z):
    """You give the share of wrong answers.

    A score of 0.1 and one of 100 count the same there. The log-loss asks how sure the model was."""
    return float(np.mean((z > 0) != y))


@misconception
def summed(y, z):
    """You give the sum of the costs, not their mean.

    A sum grows with the number of examples, so losses of different data sets could not be compared."""
    return float(_cost(y, z).sum())


@misconception
def sign_forgotten(y, z):
    """The loss is negative: the minus is missing.

    Probabilities are below 1, so their logarithms are negative. A loss has to be small where the model is good."""
    return float(-_cost(y, z).mean())


@misconception
def base_two(y, z):
    """The loss is in bits: you used the logarithm to base 2.

    That is a fine unit, larger by a factor of 1.44 than the natural one, which is asked for."""
    return float(_cost(y, z).mean() / np.log(2))


@misconception
def positives_only(y, z):
    """Examples with label 0 cost nothing.

    The second half of the formula is missing. A model that calls everything positive would then be perfect."""
    return float((y * _cost(y, z)).mean())


@misconception
def labels_as_signs(y, z):
    """Examples with label 0 all cost the same, log 2.

    `log(1 + exp(-y z))` is right for labels −1 and 1. With labels 0 and 1 the score of a negative is multiplied by
    0."""
    return float(np.logaddexp(0, -y * z).mean())


@misconception
def labels_swapped(y, z):
    """The loss is low where the model is wrong.

    A high score speaks for label 1. The two cases have changed places, or a sign is lost."""
    return float(np.logaddexp(0, np.where(y == 1, z, -z)).mean())


@misconception
def squared_error(y, z):
    """You give the mean squared error of the probabilities.

    That is the Brier score: another good one, and never above 1. The log-loss has no upper limit, so that no mistake is
    too sure to matter."""
    return float(np.mean((_probability(z) - y) ** 2))


@behaviour("a score of 0 costs log 2, whatever the label")
def undecided(student, rng):
    """Fifty-fifty is what someone says who knows nothing, and it costs 0.693. It is the number to remember: an
    untrained classifier with two classes starts there, and a loss above it is worse than a coin."""
    y = rng.permutation(np.arange(6) % 2)
    actual = student.logloss(y, np.zeros(6))
    if not np.isclose(actual, np.log(2)):
        fail("Six undecided scores do not cost log 2.", case=y, expected=float(np.log(2)), actual=actual)


def _case(rng):
    return _scores(rng, 9, 3.0)


row_order = probes.permutation(
    of="logloss",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the examples plays no part",
    message="A mean does not know the order of its terms. If yours does, labels and scores have come apart.",
)
