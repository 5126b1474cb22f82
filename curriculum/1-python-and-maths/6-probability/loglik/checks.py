"""loglik(p, y): the sum of the logarithms of what was given to what happened."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid
from gradus.checks.raised import LearnerRaised


@valid
def forecasts(p, y):
    fits = p.ndim == y.ndim == 1 and len(p) == len(y) >= 1
    return fits and ((p > 0) & (p < 1)).all() and np.isin(y, (0, 1)).all()


def _outcomes(rng, n):
    """Both outcomes, in random order."""
    return rng.permutation(np.arange(n) % 3 % 2)


@cases
def forecasts_of_rain(rng):
    for n in (3, int(rng.integers(8, 20))):
        yield rng.uniform(0.05, 0.95, size=n), _outcomes(rng, n)


@cases
def long_records(rng):
    """Thousands of outcomes: their product is below the smallest positive float."""
    n = int(rng.integers(3000, 6000))
    yield rng.uniform(0.3, 0.7, size=n), _outcomes(rng, n)


def _given(p, y):
    return np.where(y == 1, p, 1 - p)


@misconception
def product_underflows(p, y):
    """With many outcomes the answer becomes `-inf`, though every single probability is fine.

    Multiplying thousands of numbers below 1 gives a number below the smallest a float can hold, about `5e-324`. It is
    rounded to 0, and the logarithm of 0 is `-inf`. Taking the logarithm *after* the product comes too late."""
    with np.errstate(divide="ignore"):
        return np.log(np.prod(_given(p, y)))


@misconception
def likelihood_itself(p, y):
    """You return the likelihood, not its logarithm.

    The product itself is right on paper. On a computer it is 0 for any long record, and zeros cannot be compared."""
    return np.prod(_given(p, y))


@misconception
def averaged(p, y):
    """The answer does not grow with the number of outcomes: it is an average.

    Losses are usually averaged, so that records of different length can be compared. The likelihood is a product over
    all outcomes, so its logarithm is a sum."""
    return np.log(_given(p, y)).mean()


@misconception
def loss(p, y):
    """The sign is turned round: this is a loss.

    Training minimizes, so libraries report the *negative* log-likelihood. The log-likelihood itself is never
    positive, and a better forecaster has a larger one."""
    return -np.log(_given(p, y)).sum()


@misconception
def mean_loss(p, y):
    """This is the log-loss, the *negative average*; asked for is the log-likelihood, a sum.

    scikit-learn's `log_loss` turns the sign and divides by the number of outcomes. Both are one step away from the
    likelihood of the whole record."""
    return -np.log(_given(p, y)).mean()


@misconception
def outcomes_ignored(p, y):
    """Days without rain are scored as if it had rained.

    `log(p)` is what counts where the outcome is 1. Where it is 0, the forecaster gave it the other probability."""
    return np.log(p).sum()


@misconception
def only_ones(p, y):
    """Days on which nothing happened are not scored at all.

    A forecaster who always says 1 would then be perfect. What did not happen was given a probability too."""
    return np.log(p[y == 1]).sum()


def _record(rng):
    return rng.uniform(0.1, 0.9, size=12), _outcomes(rng, 12)


order_of_days = probes.permutation(
    of="loglik",
    make=_record,
    args=(0, 1),
    output=None,
    title="the order of the outcomes plays no part",
    message="A product does not know the order of its factors, nor a sum that of its terms. If the order "
    "matters, forecasts "
    "and outcomes have come apart.",
)


@behaviour("a record in two parts scores the sum of its parts")
def additive(student, rng):
    """The outcomes are independent, so probabilities multiply and their logarithms add up: a year's score is the sum of
    its months' scores, whichever way the year is cut."""
    n, cut = 12, int(rng.integers(3, 9))
    p, y = rng.uniform(0.1, 0.9, size=n), _outcomes(rng, n)
    whole = student.loglik(p, y)
    parts = student.loglik(p[:cut], y[:cut]) + student.loglik(p[cut:], y[cut:])
    if not np.isclose(whole, parts, rtol=1e-9, atol=1e-9):
        fail("The parts do not add up to the whole.", case=(p, y), expected=parts, actual=whole)


@behaviour("stays finite for tens of thousands of outcomes")
def finite_for_long_records(student, rng):
    """A sum of logarithms never comes near the limits of a float. If the score is infinite although no forecast was
    certain, numbers were multiplied somewhere before their logarithm was taken."""
    p, y = rng.uniform(0.01, 0.99, size=30_000), rng.integers(0, 2, size=30_000)
    expected = np.log(_given(p, y)).sum()
    try:
        actual = student.loglik(p, y)
    except LearnerRaised as raised:  # math.log(0) raises, where NumPy's log gives -inf
        fail("A record of 30,000 outcomes has no score.", expected=expected, actual=str(raised))
    if not np.isclose(actual, expected, rtol=1e-5):
        fail("A record of 30,000 outcomes gets another score.", expected=expected, actual=actual)


@behaviour("being certain and right costs nothing")
def certain_and_right(student, rng):
    """Where a forecast was exactly 0 or 1, one of the two logarithms is `-inf`. In `y * log(p) + (1 - y) * log(1 -
    p)` that term is meant to vanish, but 0 times infinity is not 0: it is `nan`."""
    p, y = _record(rng)
    expected = np.log(_given(p, y)).sum()
    actual = student.loglik(np.append(p, [1.0, 0.0]), np.append(y, [1, 0]))
    if not np.isclose(actual, expected, rtol=1e-6):
        headline = "Two forecasts that were certain and right change the score."
        fail(headline, case=(np.append(p, [1.0, 0.0]), np.append(y, [1, 0])), expected=expected, actual=actual)


@behaviour("being certain and wrong cannot be made good")
def certain_and_wrong(student, rng):
    """Clipping probabilities away from 0 and 1 keeps logarithms finite, and libraries do it so that one bad row does
    not end a training. But the penalty is then set by an arbitrary constant. Here the honest answer is asked for:
    `-inf`."""
    p, y = _record(rng)
    for forecast, outcome in ((0.0, 1), (1.0, 0)):
        case = (np.append(p, forecast), np.append(y, outcome))
        actual = student.loglik(*case)
        if actual != -np.inf:
            fail("A forecast that was certain and wrong is forgiven.", case=case, expected=-np.inf, actual=actual)
