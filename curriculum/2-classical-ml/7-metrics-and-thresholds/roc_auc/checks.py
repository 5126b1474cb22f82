"""roc_auc(y, s): the Mann–Whitney share of ordered pairs, ties half; monotone-invariant; both classes needed."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def labels_and_scores(y, s):
    return y.ndim == 1 and y.shape == s.shape and len(y) >= 1 and np.isin(y, (0, 1)).all()


def _scores(rng, n, share=0.4):
    """Both classes, overlapping scores that lean the right way and are not probabilities."""
    positives = max(2, int(share * n))
    y = rng.permutation(np.repeat([1, 0], [positives, n - positives]))
    return y, rng.normal(size=n) * 2 + 1.2 * y - 0.5


@cases
def rankings(rng):
    for n in (6, 11, 23):
        yield _scores(rng, n + int(rng.integers(0, 4)))
    y, s = _scores(rng, 14)
    yield y, np.round(s)
    yield y, np.where(s > 0.5, 1, 0)
    yield y, -s
    yield y, rng.integers(0, 4, size=14)
    yield y, np.full(14, 3.0)
    yield (*_scores(rng, 30, share=0.1),)


@cases
def one_class(rng):
    yield np.ones(3, dtype=int), rng.normal(size=3)
    yield np.zeros(4, dtype=int), rng.normal(size=4)


def _pairs(y, s):
    """Every positive minus every negative."""
    positives, negatives = s[y == 1], s[y == 0]
    if len(positives) == 0 or len(negatives) == 0:
        raise ValueError("one class")
    return positives[:, None] - negatives


def _auc(y, s):
    difference = _pairs(y, s)
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


@misconception
def ties_lose(y, s):
    """Ties count nothing.

    A score that is the same for everybody would get 0, as if it ranked everything upside down. It knows nothing, and
    that is one half."""
    return float((_pairs(y, s) > 0).mean())


@misconception
def ties_win(y, s):
    """Ties count as if they were in order.

    A score that is the same for everybody would be perfect."""
    return float((_pairs(y, s) >= 0).mean())


@misconception
def of_verdicts(y, s):
    """The scores were turned into verdicts first, so only one threshold is left.

    From labels 0 and 1 the curve has a single corner, and its area is the mean of two rates. All the order among those
    above the threshold, and among those below, is lost. The AUC takes scores."""
    return _auc(y, (s > 0.5).astype(int))


@misconception
def of_verdicts_at_zero(y, s):
    """The scores were turned into verdicts first, so only one threshold is left.

    Cut at 0 the curve has a single corner. The AUC takes the scores themselves."""
    return _auc(y, (s > 0).astype(int))


@misconception
def upside_down(y, s):
    """You count the pairs in the wrong order.

    A good score then comes near 0. The positive should have the higher score."""
    return 1 - _auc(y, s)


@misconception
def never_below_half(y, s):
    """A ranking that is upside down gets a good grade.

    Taking the larger of AUC and 1 − AUC hides a score that points the wrong way. Below 0.5 is a finding, usually of
    swapped labels."""
    return max(_auc(y, s), 1 - _auc(y, s))


@misconception
def gini(y, s):
    """You give 2 AUC − 1, the Gini coefficient.

    It is used in credit scoring. There 0 means knowing nothing; for the AUC that is one half."""
    return 2 * _auc(y, s) - 1


@misconception
def average_precision(y, s):
    """You give the average precision, the area under another curve.

    That one is drawn over recall, and a useless score gets the share of positives. Here it gets one half, however rare
    they are."""
    if len(np.unique(y)) < 2:
        raise ValueError("one class")
    cuts = np.unique(s)[::-1]
    called = np.array([(s >= t).sum() for t in cuts])
    found = np.array([((s >= t) & (y == 1)).sum() for t in cuts])
    steps = np.diff(np.append(0, found / found[-1]))
    return float((steps * found / called).sum())


@misconception
def in_the_order_of_the_rows(y, s):
    """The area depends on the order of the rows: ties were broken by their position.

    Sorting puts equal scores in *some* order, and walking through them one by one makes a staircase of what is a
    straight line. Move on only when the score changes."""
    if len(np.unique(y)) < 2:
        raise ValueError("one class")
    sorted_y = y[np.argsort(-s, kind="stable")]
    return float((np.cumsum(sorted_y) * (sorted_y == 0)).sum() / ((y == 1).sum() * (y == 0).sum()))


@misconception
def one_class_is_half(y, s):
    """With one class only you give 0.5.

    That reads as "the score knows nothing". But nothing was measured: there is no pair to look at. Say so."""
    if len(np.unique(y)) < 2:
        return 0.5
    return _auc(y, s)


@misconception
def one_class_is_nan(y, s):
    """With one class only you give `nan`.

    It travels on unnoticed until some average is `nan`. The task asks for a `ValueError` at the place where it goes
    wrong."""
    if len(np.unique(y)) < 2:
        return float("nan")
    return _auc(y, s)


def _case(rng):
    return _scores(rng, 15)


row_order = probes.permutation(
    of="roc_auc",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Only scores are compared. If the order of the rows matters, labels and scores have come apart.",
)


@behaviour("only the order of the scores counts")
def monotone(student, rng):
    """Any rising function of the scores leaves every pair in order, so the AUC stays: it is the same for logits and for
    probabilities. That is its strength, and its limit: it says nothing about whether a 0.8 means 80 %."""
    y, s = _scores(rng, 20)
    s = np.round(s, 1)
    expected, actual = student.roc_auc(y, s), student.roc_auc(y, 1e6 + 5 * np.exp(s))
    if not np.isclose(actual, expected):
        fail(
            "After a rising function of the scores you get another AUC.", case=(y, s), expected=expected, actual=actual
        )


@behaviour("copes with 12,000 examples")
def large(student, rng):
    """All pairs of 6,000 positives and 6,000 negatives are 36 million, 288 MB for each array of them. Sort once, and
    count by position."""
    y = np.arange(12_000) % 2
    s = rng.integers(0, 500, size=12_000) + 60 * y
    actual = student.roc_auc(y, s)
    negatives = np.sort(s[y == 0])
    both = np.searchsorted(negatives, s[y == 1]) + np.searchsorted(negatives, s[y == 1], side="right")
    expected = float(both.mean() / (2 * len(negatives)))
    if not np.isclose(actual, expected):
        fail("For 12,000 examples the answer is off.", expected=expected, actual=actual)
