"""threshold and honest_cost: the cheapest cut among scores and infinity; chosen here, paid there."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid(of="threshold")
def labels_and_scores(y, s, false_alarm, miss):
    fits = y.ndim == 1 and y.shape == s.shape and len(y) >= 1 and np.isin(y, (0, 1)).all()
    return fits and false_alarm >= 0 and miss >= 0


@valid(of="honest_cost")
def two_sets(y, s, y_test, s_test, false_alarm, miss):
    both = ((y, s), (y_test, s_test))
    fit = all(a.ndim == 1 and a.shape == b.shape and len(a) >= 1 and np.isin(a, (0, 1)).all() for a, b in both)
    return fit and false_alarm >= 0 and miss >= 0


def _scores(rng, n, scale=1.0):
    """Overlapping scores in (0, 1) that are not calibrated, fewer positives than negatives."""
    y = rng.permutation(np.repeat([1, 0], [max(2, n // 3), n - max(2, n // 3)]))
    return y, scale / (1 + np.exp(-(rng.normal(size=n) * 1.3 + 1.5 * y - 1.5)))


@cases(of="threshold")
def tables(rng):
    """Costs both ways, scores beyond 1, ties between scores and between costs, one class, a score that is worthless."""
    for n, false_alarm, miss in ((8, 1, 6), (14, 5, 1), (25, 1, 2), (20, 0.5, 3.0)):
        yield *_scores(rng, n + int(rng.integers(0, 4))), false_alarm, miss
    y, s = _scores(rng, 18, scale=20.0)
    yield y, np.round(s), 1, 3
    yield y, s, 2, 2
    yield np.array([0, 1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5]), 1, 1
    yield np.array([0, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.2]), 1, 1
    rare = np.array([1, 0, 0, 0, 1] + [0] * 12)
    yield rare, np.linspace(0.95, 0.15, 17), 1, 10
    yield np.zeros(4, dtype=int), rng.random(4), 1, 5
    yield np.ones(3, dtype=int), rng.random(3), 1, 5


@cases(of="honest_cost")
def chosen_and_paid(rng):
    for n, m, false_alarm, miss in ((15, 9, 1, 4), (20, 13, 3, 1), (10, 30, 1, 1.5)):
        y, s = _scores(rng, n)
        y_test, s_test = _scores(rng, m)
        yield y, s, y_test, s_test * 0.8 + 0.15, false_alarm, miss
    y, s = _scores(rng, 16)
    yield y, s, np.append(y[:5], 0), np.append(s[:5], s.max()), 1, 2
    low = np.array([0.2, 0.1, 0.25])
    yield np.array([0, 0, 0, 1, 1, 1]), np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), np.array([1, 0, 1]), low, 1, 1
    yield np.array([1, 0]), np.array([0.9, 0.5]), np.array([1, 1, 1, 0]), np.array([0.6, 0.7, 0.65, 0.4]), 1, 1


def _total(y, s, t, false_alarm, miss):
    called = s >= t
    return false_alarm * np.count_nonzero(called & (y == 0)) + miss * np.count_nonzero(~called & (y == 1))


def _choose(y, s, false_alarm, miss, candidates=None):
    candidates = np.append(np.inf, np.unique(s)[::-1]) if candidates is None else candidates
    costs = [_total(y, s, t, false_alarm, miss) for t in candidates]
    return float(candidates[int(np.argmin(costs))])


@misconception(of="threshold")
def one_half(y, s, false_alarm, miss):
    """You cut at 0.5, whatever the mistakes cost.

    One half is the best place if both mistakes cost the same *and* the scores are probabilities that can be taken at
    their word. Neither is said here."""
    return 0.5, _total(y, s, 0.5, false_alarm, miss)


@misconception(of="threshold")
def from_the_costs_alone(y, s, false_alarm, miss):
    """The threshold is computed from the costs alone.

    `false_alarm / (false_alarm + miss)` is the best cut for scores that are calibrated probabilities. These are any
    numbers; where their best cut lies, only the labels can show."""
    t = false_alarm / (false_alarm + miss)
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def costs_swapped(y, s, false_alarm, miss):
    """The two costs have changed places.

    A false alarm is a *negative* that is called. A miss is a *positive* that is not."""
    t = _choose(y, s, miss, false_alarm)
    return t, _total(y, s, t, miss, false_alarm)


@misconception(of="threshold")
def costs_ignored(y, s, false_alarm, miss):
    """You chose the threshold with the fewest mistakes, not the one with the least cost.

    Counting mistakes treats a missed tumor and one more test as the same thing. That is a price list, too, and hardly
    anybody's."""
    t = _choose(y, s, 1, 1)
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def best_balance(y, s, false_alarm, miss):
    """You chose the point of the ROC curve that is farthest from the diagonal.

    It weighs the two *rates* equally (Youden's index). Costs are paid per person, so it matters how many positives and
    negatives there are, and what each mistake costs."""
    ones, zeros = max((y == 1).sum(), 1), max((y == 0).sum(), 1)
    candidates = np.append(np.inf, np.unique(s)[::-1])
    gain = [((s >= t) & (y == 1)).sum() / ones - ((s >= t) & (y == 0)).sum() / zeros for t in candidates]
    t = float(candidates[int(np.argmax(gain))])
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def best_f1(y, s, false_alarm, miss):
    """You chose the threshold with the highest F1.

    F1 mixes precision and recall by a fixed recipe that nobody's costs went into."""
    candidates = np.append(np.inf, np.unique(s)[::-1])
    found = np.array([((s >= t) & (y == 1)).sum() for t in candidates])
    called = np.array([(s >= t).sum() for t in candidates])
    t = float(candidates[int(np.argmax(2 * found / np.maximum(called + y.sum(), 1)))])
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def lowest_of_equals(y, s, false_alarm, miss):
    """Where several thresholds cost the same you take the lowest.

    It calls more people for the same price. The task asks for the highest; `argmin` takes the first it meets, so the
    order in which you try them decides."""
    t = _choose(y, s, false_alarm, miss, np.append(np.unique(s), np.inf))
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def nobody_is_no_option(y, s, false_alarm, miss):
    """Calling nobody is never considered.

    At the highest score at least one is called. If false alarms are dear and the score is poor, it is cheapest to leave
    everybody alone."""
    t = _choose(y, s, false_alarm, miss, np.unique(s)[::-1])
    return t, _total(y, s, t, false_alarm, miss)


@misconception(of="threshold")
def strictly_above(y, s, false_alarm, miss):
    """Those exactly at the threshold are not called.

    With `>` the best cut lands on the score below the ones to be called. The rule here is `s >= t`."""
    candidates = np.append(np.inf, np.unique(s)[::-1])
    costs = [false_alarm * ((s > t) & (y == 0)).sum() + miss * ((s <= t) & (y == 1)).sum() for t in candidates]
    best = int(np.argmin(costs))
    return float(candidates[best]), costs[best]


@misconception(of="threshold")
def mean_cost(y, s, false_alarm, miss):
    """The threshold is right, and the cost is a mean.

    `threshold` reports the total. The mean per example is what `honest_cost` gives."""
    t = _choose(y, s, false_alarm, miss)
    return t, _total(y, s, t, false_alarm, miss) / len(y)


@misconception(of="honest_cost")
def tuned_on_the_test(y, s, y_test, s_test, false_alarm, miss):
    """The threshold was chosen on the test examples themselves.

    The cheapest cut of *these* examples is cheap partly by luck, and the luck does not come along to the next ones.
    What is scored must have no part in the choosing."""
    t = _choose(y_test, s_test, false_alarm, miss)
    return _total(y_test, s_test, t, false_alarm, miss) / len(y_test)


@misconception(of="honest_cost")
def tuned_on_everything(y, s, y_test, s_test, false_alarm, miss):
    """The test examples took part in choosing the threshold.

    More data for the choice is tempting. But the price at the test examples is then partly the price they helped to
    choose."""
    t = _choose(np.append(y, y_test), np.append(s, s_test), false_alarm, miss)
    return _total(y_test, s_test, t, false_alarm, miss) / len(y_test)


@misconception(of="honest_cost")
def cost_where_it_was_chosen(y, s, y_test, s_test, false_alarm, miss):
    """You report the cost on the examples on which the threshold was chosen.

    Among many candidates the cheapest one looks cheaper than it is. Only other examples show what it costs."""
    return _total(y, s, _choose(y, s, false_alarm, miss), false_alarm, miss) / len(y)


@misconception(of="honest_cost")
def total_not_mean(y, s, y_test, s_test, false_alarm, miss):
    """You give the total cost of the test examples, not the mean.

    Two test sets of different size could not be compared by it."""
    return _total(y_test, s_test, _choose(y, s, false_alarm, miss), false_alarm, miss)


@behaviour("no other threshold costs less")
def cheapest(student, rng):
    """All possible cuts were tried: below all scores, between any two, above all. None may beat yours."""
    y, s = _scores(rng, 20)
    false_alarm, miss = int(rng.integers(1, 4)), int(rng.integers(1, 8))
    t, _ = student.threshold(y, s, false_alarm, miss)
    actual = _total(y, s, t, false_alarm, miss)
    expected = min(_total(y, s, cut, false_alarm, miss) for cut in np.append(np.sort(s), np.inf))
    if actual > expected:
        fail("Another threshold costs less.", case=(y, s, false_alarm, miss), expected=expected, actual=actual)


@behaviour("the test examples have no part in choosing")
def test_untouched(student, rng):
    """One test example was shown twice, once with each label. Its cost may change with its label; the threshold may
    not, so the cost of all the others has to stay as it was."""
    y, s = _scores(rng, 20)
    y_test, s_test = _scores(rng, 12)
    t = _choose(y, s, 1, 3)
    for labels in (y_test, 1 - y_test):
        expected = _total(labels, s_test, t, 1, 3) / 12
        actual = student.honest_cost(y, s, labels, s_test, 1, 3)
        if not np.isclose(actual, expected):
            fail("Other test labels change the threshold.", case=(labels, s_test), expected=expected, actual=actual)
