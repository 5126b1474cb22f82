"""bayes(prior, sens, spec): the probability of the condition, given a positive test."""

from gradus.checks import behaviour, cases, fail, misconception, valid
from gradus.checks.raised import LearnerRaised


@valid
def answerable(prior, sens, spec):
    probabilities = all(0 <= value <= 1 for value in (prior, sens, spec))
    return probabilities and prior * sens + (1 - prior) * (1 - spec) > 0


@cases
def tests(rng):
    """A prior far from one half, and a sensitivity unlike the specificity: no two formulas agree by chance."""
    for low, high in ((0.001, 0.02), (0.05, 0.3), (0.6, 0.9)):
        yield float(rng.uniform(low, high)), float(rng.uniform(0.6, 0.75)), float(rng.uniform(0.8, 0.95))
    yield float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.3, 0.45)), float(rng.uniform(0.55, 0.65))


@cases
def certainties(rng):
    p, q, r = (float(x) for x in rng.uniform(0.2, 0.4, size=3))
    yield 0.0, p, q
    yield 1.0, p, q
    yield p, 0.0, q
    yield p, q, 0.0
    yield p, q, 1.0
    yield p, 1.0, r
    even = float(rng.integers(1, 8) / 8)
    yield 0.5, even, 1 - even  # a test that says as much as a coin


@misconception
def prior_ignored(prior, sens, spec):
    """You return the sensitivity: how often the sick test positive, not how often the positive are sick.

    The two sound alike and are easily taken for each other. If the disease is rare, nearly all people are healthy, and
    even a small share of them makes more positive tests than all the sick together."""
    return sens


@misconception
def fifty_fifty(prior, sens, spec):
    """The prior plays no part, as if half of all people were sick.

    Setting the true alarms against the false ones is the right idea. But each of the two rates applies to a group of
    its own size: the sick may be one in a thousand."""
    return sens / (sens + 1 - spec)


@misconception
def not_normalized(prior, sens, spec):
    """You return the share of all people who are sick *and* test positive.

    That is the numerator. "Given a positive test" means that only those who tested positive are looked at, so the
    share is of them, not of everybody."""
    return prior * sens


@misconception
def specificity_as_false_alarms(prior, sens, spec):
    """The false alarms are counted with the wrong rate.

    `spec` is the share of the healthy whom the test *clears*. It is tempting to put it beside `sens`, as both are
    rates of being right. The healthy who test positive are the rest."""
    return prior * sens / (prior * sens + (1 - prior) * spec)


@misconception
def after_a_negative_test(prior, sens, spec):
    """That is the probability of disease after a *negative* test.

    The sick whom the test misses are compared with the healthy whom it clears. The question is about those who
    tested positive."""
    return prior * (1 - sens) / (prior * (1 - sens) + (1 - prior) * spec)


@behaviour("agrees with counting heads in a town")
def agrees_with_counting(student, rng):
    """Bayes' rule is nothing but counting. In a simulated town, take the three rates from the people themselves; the
    answer must be the share of the sick among those who tested positive, to the last digit."""
    sick, healthy = int(rng.integers(20, 200)), int(rng.integers(1000, 5000))
    found, false_alarms = int(rng.binomial(sick, 0.8)) + 1, int(rng.binomial(healthy, 0.1)) + 1
    found = min(found, sick)
    case = (sick / (sick + healthy), found / sick, 1 - false_alarms / healthy)
    actual, expected = student.bayes(*case), found / (found + false_alarms)
    if abs(actual - expected) > 1e-9:
        fail(
            f"Of {found + false_alarms} people who test positive, {found} are sick; that is another share than yours.",
            case=case,
            expected=expected,
            actual=actual,
        )


def _must_refuse(student, cases, headline):
    for case in cases:
        try:
            actual = student.bayes(*case)
        except LearnerRaised as raised:
            if raised.is_a("ValueError"):
                continue
            actual = raised.type
        fail(headline, case=case, expected="ValueError", actual=actual)


@behaviour("numbers that are not probabilities are refused")
def only_probabilities(student, rng):
    """The formula gives *some* number for a prior of 1.5, often one that looks plausible, and a percentage passed by
    mistake goes unnoticed. Check the three inputs first."""
    p, q = (float(x) for x in rng.uniform(0.2, 0.8, size=2))
    wrong = [case for value in (-0.1, 1.5) for case in ((value, p, q), (p, value, q), (p, q, value))]
    _must_refuse(student, wrong, "A number that is no probability is accepted.")


@behaviour("a question without an answer is refused")
def impossible_evidence(student, rng):
    """If nobody can test positive, a positive test has not happened, and there is nothing to say about it: the rule
    divides 0 by 0. Answering 0 would mean that a person who tested positive is surely healthy, which nobody can
    know."""
    p, q = (float(x) for x in rng.uniform(0.2, 0.8, size=2))
    impossible = [
        (0.0, p, 1.0),  # nobody is sick, and no healthy person is accused
        (q, 0.0, 1.0),  # the test never says yes
    ]
    _must_refuse(student, impossible, "Nobody can test positive here, and you answer.")
