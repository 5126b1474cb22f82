"""pr_curve(y, s): precision and recall at each distinct score, descending, ties together."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def labels_and_scores(y, s):
    return y.ndim == 1 and y.shape == s.shape and len(y) >= 1 and np.isin(y, (0, 1)).all()


def _scores(rng, n):
    y = rng.permutation(np.repeat([1, 0], [max(2, n // 3), n - max(2, n // 3)]))
    return y, np.round(rng.normal(size=n) + y, 3)


@cases
def rankings(rng):
    """Scores without ties, with many, whole numbers, all the same; a positive on top and a negative on top."""
    for n in (5, 9, 16):
        yield _scores(rng, n + int(rng.integers(0, 3)))
    y, s = _scores(rng, 15)
    yield y, np.round(s)
    yield y, rng.integers(0, 4, size=15)
    yield y, np.full(15, 0.5)
    yield y, np.where(y == 1, s - 5, s)
    yield np.array([1, 1, 1]), np.array([0.2, 0.9, 0.2])


@cases
def no_positive(rng):
    yield np.zeros(3, dtype=int), rng.normal(size=3)


def _need_positives(y):
    if not y.any():
        raise ValueError("no positives")


def _curve(y, s, thresholds, called=None):
    """Precision and recall at each threshold, for any way of calling."""
    _need_positives(y)
    called = s >= thresholds[:, None] if called is None else called
    found = (called & (y == 1)).sum(axis=1)
    return found / np.maximum(called.sum(axis=1), 1), found / y.sum(), thresholds.astype(float)


@misconception
def a_point_for_each_row(y, s):
    """Equal scores are called one after the other, as if a threshold could tell them apart.

    Sorting puts them in *some* order. The points between them depend on that order and belong to no threshold: each
    says `s >= t` and takes all of them or none."""
    _need_positives(y)
    order = np.argsort(-s, kind="stable")
    found = np.cumsum(y[order])
    return found / np.arange(1, len(y) + 1), found / y.sum(), s[order].astype(float)


@misconception
def strictly_above(y, s):
    """The examples *at* the threshold are not called positive.

    `>` in place of `>=` leaves out those who gave the threshold its value, so at the lowest one not all are called."""
    _need_positives(y)
    thresholds = np.unique(s)[::-1]
    return _curve(y, s, thresholds, s > thresholds[:, None])


@misconception
def lowest_first(y, s):
    """The thresholds rise; they are asked for from the highest down.

    scikit-learn's curve rises. Here each step calls a few more, and the recall grows along the arrays."""
    return _curve(y, s, np.unique(s))


@misconception
def recall_first(y, s):
    """Precision and recall have changed places.

    Precision is of those who were *called*, recall of those who *are*."""
    precision, recall, thresholds = _curve(y, s, np.unique(s)[::-1])
    return recall, precision, thresholds


@misconception
def roc_instead(y, s):
    """In place of the precision you give the share of negatives that are called: the ROC curve's axis.

    With many negatives the two tell very different stories. One false alarm in a hundred healthy people sounds like
    little, and may be most of all alarms."""
    _, recall, thresholds = _curve(y, s, np.unique(s)[::-1])
    called = (s >= thresholds[:, None]) & (y == 0)
    return called.sum(axis=1) / max((y == 0).sum(), 1), recall, thresholds


@misconception
def corner_added(y, s):
    """There is a point too many, at recall 0 and precision 1.

    scikit-learn adds it so that the plot starts at the axis. No threshold belongs to it: nobody is called there, so
    nobody can be called rightly."""
    precision, recall, thresholds = _curve(y, s, np.unique(s)[::-1])
    return np.append(1.0, precision), np.append(0.0, recall), thresholds


@misconception
def smoothed(y, s):
    """The precision never rises on the way down: it was replaced by the best one that is still to come.

    Interpolated curves are used in search contests. They look better than any threshold is."""
    precision, recall, thresholds = _curve(y, s, np.unique(s)[::-1])
    return np.maximum.accumulate(precision[::-1])[::-1], recall, thresholds


@misconception
def share_of_all_called(y, s):
    """In place of the recall you give the share of all examples that are called.

    Recall is of the positives only: how many of them were caught."""
    precision, _, thresholds = _curve(y, s, np.unique(s)[::-1])
    return precision, (s >= thresholds[:, None]).mean(axis=1), thresholds


@misconception
def no_positives_means_zero(y, s):
    """Without a positive you give a recall of 0.

    Zero of zero were found. A curve that was never measured should not be drawn; raise `ValueError`."""
    thresholds = np.unique(s)[::-1].astype(float)
    if not y.any():
        return np.zeros(len(thresholds)), np.zeros(len(thresholds)), thresholds
    return _curve(y, s, thresholds)


def _case(rng):
    y, s = _scores(rng, 12)
    return y, np.round(s, 1)


row_order = probes.permutation(
    of="pr_curve",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Ties must not be broken by position. If the order of the rows matters, examples that tie came apart.",
)


@behaviour("at full recall the precision is the share of positives")
def ends_at_prevalence(student, rng):
    """At the lowest threshold everybody is called positive. All positives are found then, and among those called
    there are as many as among everybody. A curve has to be read against that line: 0.3 is poor for one half and great
    for 1 %."""
    y, s = _scores(rng, 14)
    precision, recall, _ = student.pr_curve(y, s)
    actual, expected = (float(recall[-1]), float(precision[-1])), (1.0, float(y.mean()))
    if not np.allclose(actual, expected):
        fail("The curve does not end where everybody is called.", case=(y, s), expected=expected, actual=actual)
