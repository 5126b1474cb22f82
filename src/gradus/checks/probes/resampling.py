"""The statistics behind the probes and the milestones: bootstrap of rows or whole groups, permutation p-values, and the
expected calibration error with its null.

Everything takes a ``numpy.random.Generator`` and plain arrays. The rates in the docstrings are measured by
``python -m bench.probes``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, Any]
Score = Callable[[Any, Any], float]

RESAMPLES = 1000
LEVEL = 0.95
BINS = 10


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval. ``units``: how many independent rows or groups it rests on."""

    estimate: float
    low: float
    high: float
    level: float
    units: int

    @property
    def decision(self) -> Literal["better", "worse", "unresolved"]:
        """What a gain with this interval says; "unresolved" when it holds 0, or nothing is known."""
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "unresolved"


def resamples(n: int, units: Any | None, many: int, rng: np.random.Generator) -> Iterator[Array]:
    """Positions of `many` resamples of `n` rows, drawn with replacement: rows, or all rows of drawn units.

    `units` (n,) names the group that each row belongs to. Groups differ in size, so resamples may differ in length.
    """
    if units is None:
        for _ in range(many):
            yield rng.integers(n, size=n)
        return
    members = members_of(units)
    for _ in range(many):
        yield np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])


def members_of(units: Any) -> list[Array]:
    """The positions of each group's rows, in the order of the groups' names."""
    _, inverse = np.unique(np.asarray(units), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1)


def bootstrap(
    statistic: Callable[[Array], float],
    n: int,
    rng: np.random.Generator,
    *,
    units: Any | None = None,
    many: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """Return the interval of ``statistic(positions)`` over resamples of `n` rows, or of whole `units`.

    Percentile interval, widened as a t interval is for few units (Hesterberg 2015, "What teachers should know about
    the bootstrap"); with a single unit it is infinite: one group says nothing about the next. Resamples in which the
    statistic is nan (a class is missing, say) are left out.
    """
    count = n if units is None else len(np.unique(np.asarray(units)))
    estimate = float(statistic(np.arange(n)))
    values = np.array([statistic(rows) for rows in resamples(n, units, many, rng)], dtype=float)
    return _interval(estimate, values, count, level)


def _interval(estimate: float, values: Array, units: int, level: float) -> Interval:
    values = values[np.isfinite(values)]
    if units < 2 or not len(values):
        return Interval(estimate, -math.inf, math.inf, level, units)
    from scipy.stats import t

    wide = float(t.ppf((1 + level) / 2, units - 1)) * math.sqrt(units / (units - 1))
    tail = NormalDist().cdf(-wide)
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(estimate, float(low), float(high), level, units)


def paired_bootstrap(
    score: Score,
    truth: Any,
    ours: Any,
    theirs: Any,
    rng: np.random.Generator,
    *,
    units: Any | None = None,
    many: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """Return how much better `ours` scores than `theirs`, both on the same resamples of the same rows.

    ``score(truth, predictions)``: more is better (negate a loss). `truth` (n,), predictions (n,) or (n, K). Pairing
    takes out what is hard for both: two models that agree on most rows can be told apart with far fewer of them. Give
    `units` (n,) when rows come in groups; then whole groups are drawn.

    Measured in 1,000 simulations each (400 resamples): 95 % intervals of a gain in accuracy hold the truth in 94.4 %
    with 20 rows, 93.9 % with 50, 94.9 % with 200; with whole groups of ten alike rows in 91.1 % with 5 groups, 94.3 %
    with 10, 93.8 % with 30, but in 79.5 % when groups are ignored. "better" where both are equally good: 3.1 % (2.5 %
    by design). A model that mends a tenth of 30 % mistakes is resolved in 35.9 % with 100 rows, 99.9 % with 400.
    """
    truth, ours, theirs = np.asarray(truth), np.asarray(ours), np.asarray(theirs)
    if not len(truth) == len(ours) == len(theirs):
        raise ValueError("truth and both predictions need the same rows")

    def gain(rows: Array) -> float:
        return score(truth[rows], ours[rows]) - score(truth[rows], theirs[rows])

    return bootstrap(gain, len(truth), rng, units=units, many=many, level=level)


def grouped_bootstrap(
    score: Score,
    truth: Any,
    predicted: Any,
    units: Any,
    rng: np.random.Generator,
    *,
    many: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """Return a score's interval over resamples of whole groups: ``score(truth, predictions)``, `units` (n,)."""
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    return bootstrap(
        lambda rows: score(truth[rows], predicted[rows]), len(truth), rng, units=units, many=many, level=level
    )


def permutation_p(observed: float, null: Iterable[float]) -> float:
    """Return the share of `null` values that reach `observed`, the observed one counted in, so that it is never 0.

    Valid for every number of permutations: a true null has ``p <= a`` in at most a share `a` of the cases.
    """
    values = np.asarray(list(null), dtype=float)
    slack = 1e-12 * max(1.0, abs(observed))  # sums in another order are no smaller
    return float((1 + (values >= observed - slack).sum()) / (1 + len(values)))


def permuted(y: Any, rng: np.random.Generator, units: Any | None = None) -> Array:
    """Return labels (n,) dealt out anew: to rows, or, where all rows of each unit share one label, to whole units."""
    labels: Array = np.asarray(y)
    if units is not None:
        _, first, inverse = np.unique(np.asarray(units), return_index=True, return_inverse=True)
        if (labels == labels[first][inverse]).all():
            dealt: Array = labels[first][rng.permutation(len(first))][inverse]
            return dealt
    order = rng.permutation(len(labels))
    return np.take(labels, order)


def ece(y: Any, p: Any, bins: int | Sequence[float] = BINS) -> float:
    """Return the expected calibration error: the mean distance of share and mean chance per bin, weighted by rows.

    `y` (n,) of 0 and 1 (for several classes: whether the predicted one is right), `p` (n,) chances. `bins`: a number of
    equally wide ones, or edges from 0 to 1; a chance on an edge belongs to the upper bin. Empty bins count nothing.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return float(np.abs(np.bincount(bin_of(p, bins), weights=y - p)).sum() / len(p))


def ece_null(p: Any, rng: np.random.Generator, *, many: int = RESAMPLES, bins: int | Sequence[float] = BINS) -> Array:
    """Return the calibration errors (many,) of these chances when they are *right*: labels are drawn from them.

    A perfect model has an error, too. Measured: 0.070 on average for 200 rows with evenly spread chances and ten bins,
    0.100 for 100 rows, 0.032 for 1,000. A fixed cut-off says more about the number of rows than about the model.
    """
    p = np.asarray(p, dtype=float)
    places = bin_of(p, bins)
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    p = p[order]
    errors = np.empty(many)
    step = max(1, 2_000_000 // max(1, len(p)))
    for first in range(0, many, step):
        drawn = rng.random((min(step, many - first), len(p))) < p
        errors[first : first + len(drawn)] = np.abs(np.add.reduceat(drawn - p, starts, axis=1)).sum(axis=1) / len(p)
    return errors


def bin_of(p: Array, bins: int | Sequence[float]) -> Array:
    """Return the number of the bin that each chance belongs to."""
    if len(p) == 0 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("chances lie between 0 and 1, and there is at least one")
    edges = np.linspace(0, 1, bins + 1) if isinstance(bins, int) else np.asarray(bins, dtype=float)
    places: Array = np.searchsorted(edges, p, side="right") - 1
    return np.clip(places, 0, len(edges) - 2)
