"""ece(y, p, bins) and ece_null(p, bins, draws, rng): weighted gaps, and what chance alone makes of them."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@valid(of="ece")
def forecasts(y, p, bins):
    fits = y.ndim == 1 and y.shape == p.shape and len(y) >= 1 and np.isin(y, (0, 1)).all() and bins >= 1
    return fits and bool(((p >= 0) & (p <= 1)).all())


@valid(of="ece_null")
def a_null(p, bins, draws, rng):
    return p.ndim == 1 and len(p) >= 10 and bins >= 2 and draws >= 300 and bool(((p > 0) & (p < 1)).all())


@cases(of="ece")
def days(rng):
    """Bins of unequal size, empty ones, forecasts at the edges of bins (of halves and quarters, which floats hold)."""
    for n, bins in ((12, 3), (25, 5), (40, 10)):
        p = rng.beta(0.7, 1.2, size=n)
        yield rng.permutation(np.arange(n) % 2), p, bins
        yield (rng.random(n) < p**2).astype(int), p, bins
    edges = np.array([0.0, 0.25, 0.5, 0.5, 0.75, 1.0, 1.0])
    yield np.array([1, 0, 1, 0, 1, 0, 1]), edges, 4
    yield np.array([0, 1, 1, 0, 1, 0, 1]), edges, 4
    yield np.array([1, 0, 0, 1, 1]), np.array([0.125, 0.0625, 0.125, 0.875, 0.9375]), 4
    yield np.array([1, 1, 0]), np.array([0.9, 0.8, 0.7]), 1
    yield np.array([0, 1]), np.array([1.0, 0.0]), 2


@cases(of="ece_null", compare=compare.band(("mean", "spread", "distribution")))
def nulls(rng):
    yield rng.beta(0.5, 1.8, size=50).clip(0.02, 0.98), 5, 300, np.random.default_rng(int(rng.integers(1 << 30)))


def _bins(p, bins):
    return np.minimum((p * bins).astype(int), bins - 1)


def _parts(y, p, which):
    """Size, mean label, mean forecast of each bin that is not empty."""
    for k in np.unique(which):
        inside = which == k
        yield inside.sum(), y[inside].mean(), p[inside].mean()


def _ece(y, p, bins, which=None):
    which = _bins(p, bins) if which is None else which
    return float(sum(n * abs(a - b) for n, a, b in _parts(y, p, which)) / len(p))


def _fast(y, p, bins):
    return np.abs(np.bincount(_bins(p, bins), weights=y - p)).sum() / len(p)


@misconception(of="ece")
def bins_not_weighted(y, p, bins):
    """Every bin counts the same, however few examples it holds.

    A bin with one example is off by a lot, always: what happened is 0 or 1. Weight each gap with the share of examples
    that it speaks for."""
    gaps = [abs(a - b) for _, a, b in _parts(y, p, _bins(p, bins))]
    return float(np.mean(gaps))


@misconception(of="ece")
def divided_by_all_bins(y, p, bins):
    """The gaps are averaged over all bins, empty ones included.

    Empty bins then count as perfect, and full ones as much as nearly empty ones. Weight by the number of examples."""
    return float(sum(abs(a - b) for _, a, b in _parts(y, p, _bins(p, bins))) / bins)


@misconception(of="ece")
def gaps_cancel(y, p, bins):
    """Gaps above and below cancel: the absolute value comes too late, or not at all.

    A model that is too sure at both ends looks calibrated on average. Take the absolute value in each bin."""
    return float(abs(np.mean(y) - np.mean(p)))


@misconception(of="ece")
def gaps_cancel_signed(y, p, bins):
    """Gaps above and below cancel: no absolute value was taken.

    What is left is the difference of the two overall means."""
    return float(np.mean(y) - np.mean(p))


@misconception(of="ece")
def each_example_a_bin(y, p, bins):
    """You give the mean distance of each forecast from its label.

    A forecast of 0.8 is 0.2 away from 1 even if it is perfectly right. Only the *mean* over a group can show whether
    80 % happened."""
    return float(np.abs(y - p).mean())


@misconception(of="ece")
def middle_of_the_bin(y, p, bins):
    """What happened is compared with the middle of the bin, not with the mean forecast in it.

    If most forecasts of a bin lie at one end, a calibrated model gets a gap that is not there."""
    which = _bins(p, bins)
    parts = ((np.count_nonzero(which == k), y[which == k].mean(), (k + 0.5) / bins) for k in np.unique(which))
    return float(sum(n * abs(a - b) for n, a, b in parts) / len(p))


@misconception(of="ece")
def certainty_dropped(y, p, bins):
    """Forecasts of exactly 1 are lost.

    `p * bins` sends them to a bin after the last one. They belong to the last, and a model that says 1.0 and is wrong
    should not get away with it."""
    inside = p < 1
    if not inside.any():
        return 0.0
    return float(sum(n * abs(a - b) for n, a, b in _parts(y[inside], p[inside], _bins(p[inside], bins))) / len(p))


@misconception(of="ece")
def certainty_alone(y, p, bins):
    """Forecasts of exactly 1 have a bin of their own.

    `p * bins` is `bins` for them, one more than the last bin's number."""
    return _ece(y, p, bins, (p * bins).astype(int))


@misconception(of="ece")
def edges_belong_below(y, p, bins):
    """Forecasts on the edge between two bins are put into the lower one.

    Some libraries do that. The rule here is that a bin holds its lower edge."""
    return _ece(y, p, bins, np.maximum(np.ceil(p * bins) - 1, 0))


@misconception(of="ece")
def equally_full_bins(y, p, bins):
    """The bins hold equally many examples, not equally wide ranges.

    That has merits, as no bin is nearly empty. It is another measure, though, and the task asks for equal widths."""
    which = np.empty(len(p), dtype=int)
    which[np.argsort(p, kind="stable")] = np.arange(len(p)) * bins // len(p)
    return _ece(y, p, bins, which)


@misconception(of="ece")
def squared_gaps(y, p, bins):
    """The gaps were squared.

    That is a part of the Brier score. The ECE averages the gaps themselves."""
    return float(sum(n * (a - b) ** 2 for n, a, b in _parts(y, p, _bins(p, bins))) / len(p))


@misconception(of="ece")
def largest_gap(y, p, bins):
    """You give the largest gap of all bins.

    That is the *maximum* calibration error, which the emptiest bin usually decides."""
    return float(max(abs(a - b) for _, a, b in _parts(y, p, _bins(p, bins))))


@misconception(of="ece_null")
def one_rate_for_all(p, bins, draws, rng):
    """All labels were drawn with the same probability, the mean of `p`.

    For such labels `p` is wrong nearly everywhere, so the null is far too wide, and any model passes. Each label has
    its own probability."""
    return np.array([_fast((rng.random(len(p)) < p.mean()).astype(int), p, bins) for _ in range(draws)])


@misconception(of="ece_null")
def rounded_labels(p, bins, draws, rng):
    """Nothing is drawn: the labels are `p` rounded to 0 or 1.

    A right forecast of 0.8 is followed by 1 only four times out of five. The labels of a perfect forecaster are
    random."""
    return np.full(draws, _fast((p >= 0.5).astype(int), p, bins))


@misconception(of="ece_null")
def coins(p, bins, draws, rng):
    """The labels are thrown like coins.

    Then 0.8 is as wrong as it can be. The null asks what happens when `p` is *right*."""
    return np.array([_fast((rng.random(len(p)) < 0.5).astype(int), p, bins) for _ in range(draws)])


@misconception(of="ece_null")
def turned_round(p, bins, draws, rng):
    """The labels are 1 with probability 1 − p.

    A uniform number lies *below* p with probability p."""
    return np.array([_fast((rng.random(len(p)) > p).astype(int), p, bins) for _ in range(draws)])


@behaviour("every set of labels is drawn anew, from the generator it is given")
def same_draws(student, rng):
    """If all sets hold the same labels, the null has no spread. A generator made inside the function, with a fixed
    seed, starts from the same place each time."""
    p = rng.uniform(0.2, 0.8, size=40)
    drawn = np.asarray(student.ece_null(p, 4, 30, np.random.default_rng(int(rng.integers(1e9)))))
    if len(np.unique(np.round(drawn, 12))) < 5:
        fail("The sets have the same calibration error.", case=p, actual=drawn)
