"""reliability(y, p, bins): counts, mean predictions and observed shares; every prediction in exactly one bin."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def probabilities(y, p, bins):
    if not (p.ndim == 1 and y.shape == p.shape and len(p) >= 1 and bins >= 2):
        return False
    if not bool(((p >= 0) & (p <= 1)).all()) or not set(y.tolist()) <= {0, 1}:
        return False
    if bins & (bins - 1) == 0:
        return True  # the edges are sums of powers of two
    return bool((np.abs(p * bins - np.round(p * bins)) > 1e-6).all())


@cases
def forecasts(rng):
    """Predictions on the edges, 0 and 1 among them; bins without any; predictions that say too much."""
    p = rng.permutation(np.r_[0.0, 1.0, 1.0, 0.25, 0.5, 0.5, 0.625, rng.uniform(size=9)])
    yield rng.integers(0, 2, size=16), p, 4
    p = np.round(rng.beta(0.4, 0.4, size=30), 3) * 0.998 + 0.0011
    yield (rng.uniform(size=30) < 0.5 + (p - 0.5) / 2).astype(int), p, 10
    yield np.array([1, 0, 1]), np.array([1.0, 0.75, 0.875]), 8
    yield rng.integers(0, 2, size=12), np.full(12, 0.3), 5


def _bins(y, p, which, bins, empty=np.nan):
    count = np.array([np.sum(which == k) for k in range(bins)])
    said, happened = (
        np.array([v[which == k].mean() if (which == k).any() else empty for k in range(bins)], dtype=float)
        for v in (p, y)
    )
    return count, said, happened


def _which(p, bins):
    return np.minimum(np.floor(p * bins), bins - 1).astype(int)


@misconception
def one_is_lost(y, p, bins):
    """Predictions of exactly 1 are in no bin.

    With "lower edge in, upper edge out" for *every* bin, 1 falls out at the end. Those are the predictions a model is
    surest of. The counts have to add up to the number of predictions."""
    return _bins(y, p, np.floor(p * bins).astype(int), bins)


@misconception
def upper_edge_included(y, p, bins):
    """Predictions on an edge are in the bin below it.

    You let a bin hold its upper edge, as `pd.cut` and `digitize(right=True)` do. Here it holds its lower one, as in
    `np.histogram`. Predictions of 0.5 are frequent, so it shows."""
    return _bins(y, p, np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1), bins)


@misconception
def middle_of_the_bin(y, p, bins):
    """The predictions of a bin are replaced by the middle of the bin.

    Predictions crowd at one side of a bin, most of all in the first and the last. Compare what happened with what was
    *said*, their mean."""
    count, _, happened = _bins(y, p, _which(p, bins), bins)
    return count, np.where(count > 0, (np.arange(bins) + 0.5) / bins, np.nan), happened


@misconception
def empty_bins_are_zero(y, p, bins):
    """Empty bins claim that something was predicted with 0 and happened never.

    No prediction is not a prediction of 0. Drawn in a diagram, such a point says that the model is right about things
    it never spoke of. Nothing is known there: `nan`."""
    return _bins(y, p, _which(p, bins), bins, empty=0.0)


@misconception
def empty_bins_left_out(y, p, bins):
    """Empty bins are missing, so the entries no longer stand for bins 0, 1, 2, ….

    `sklearn.calibration.calibration_curve` leaves them out, too. Asked for is one entry per bin, so that two models can
    be laid over each other."""
    count, said, happened = _bins(y, p, _which(p, bins), bins)
    return count[count > 0], said[count > 0], happened[count > 0]


@misconception
def equally_full_bins(y, p, bins):
    """The bins are cut so that each holds as many predictions as the next.

    Quantile bins are a good choice for few predictions. Their edges depend on the model, though; asked for are equal
    parts of the range from 0 to 1."""
    which = np.empty(len(p), dtype=int)
    which[np.argsort(p, kind="stable")] = np.arange(len(p)) * bins // len(p)
    return _bins(y, p, which, bins)


@misconception
def range_of_the_predictions(y, p, bins):
    """The bins cut the range from the smallest to the largest prediction.

    That is what `np.histogram` does unless it is told the range. A model that says nothing below 0.6 then looks as if
    it used the whole scale."""
    low, high = p.min(), p.max()
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    edges = np.linspace(low, high, bins + 1)
    return _bins(y, p, np.clip(np.searchsorted(edges, p, side="right") - 1, 0, bins - 1), bins)


@misconception
def said_and_happened_exchanged(y, p, bins):
    """What was said and what happened are exchanged.

    The mean prediction comes second, the observed share third. Exchanged, a model that says too much seems to say too
    little."""
    count, said, happened = _bins(y, p, _which(p, bins), bins)
    return count, happened, said


@misconception
def share_of_all(y, p, bins):
    """The shares are of all predictions, not of those in the bin.

    Divide what came true in a bin by how many predictions *it* holds. Over all of them, a bin with few predictions
    always looks like a small share."""
    count, said, happened = _bins(y, p, _which(p, bins), bins)
    return count, said, happened * count / len(y)


@behaviour("no prediction is lost, and none is counted twice")
def rows_conserved(student, rng):
    """The counts add up to the number of predictions, and counts times means to the sum of all of them. If they do not,
    some
    prediction is in no bin or in two."""
    p = np.r_[rng.uniform(size=20), 0.0, 0.5, 1.0]
    y = rng.integers(0, 2, size=23)
    count, said, happened = student.reliability(y, p, 2)
    totals = [np.sum(count), np.nansum(np.multiply(count, said)), np.nansum(np.multiply(count, happened))]
    if not np.allclose(totals, [23, p.sum(), y.sum()]):
        fail("Counts, or counts times means, do not add up.", case=p, expected=[23, p.sum(), y.sum()], actual=totals)
