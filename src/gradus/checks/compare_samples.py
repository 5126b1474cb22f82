"""Stochastic answers: two samples are compared by bands that honest work leaves once in `1 / false_alarm` checks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradus.checks.compare_arrays import compare_arrays
from gradus.checks.compare_base import TOP, Comparator, Difference, Rules, different
from gradus.checks.show import count, kind_of, number, shape_text

FALSE_ALARM = 1e-9


def band(
    statistics: Sequence[str] = ("mean", "spread", "distribution"), *, false_alarm: float = FALSE_ALARM
) -> Comparator:
    """Return a comparator for answers that are samples (arrays or lists of numbers): independent draws.

    Expected and actual must agree in kind and shape; their values are compared only as samples of one distribution:

    - ``mean``: a two-sample z band with the larger of the two variances;
    - ``spread``: the same for squared deviations from the common mean;
    - ``distribution``: Kolmogorov–Smirnov with the Dvoretzky–Kiefer–Wolfowitz bound, which holds for every n and for
      discrete values, too.

    ``false_alarm`` is the probability with which honest work is refused, shared out over the statistics; the z bands
    are approximate below about a hundred draws, so draw more. For a whole experiment (an estimate, a share of seeds)
    use `gradus.checks.probes.stochastic_band`.
    """
    chosen = tuple(statistics)
    unknown = set(chosen) - {"mean", "spread", "distribution"}
    if unknown or not chosen:
        raise ValueError(f"statistics are mean, spread, distribution; not {sorted(unknown)}")

    def comparator(expected: Any, actual: Any) -> Difference | None:
        wanted = np.asarray(expected)
        given = actual if isinstance(expected, np.ndarray) else _as_sample(expected, actual)
        if isinstance(given, Difference):
            return given
        problem = _same_frame(wanted, given)
        return problem if problem is not None else _compare_samples(wanted, given, chosen, false_alarm)

    return comparator


def _as_sample(expected: Any, actual: Any) -> Any:
    if type(actual) is not type(expected):
        return different(
            f"Your answer is {kind_of(actual)}; {kind_of(expected)} is expected.",
            "returned_none" if actual is None else "wrong_type",
            expected,
            actual,
        )
    try:
        return np.asarray(actual, dtype=float if np.asarray(expected).dtype.kind == "f" else None)
    except (TypeError, ValueError):
        return different("Your answer holds something that is not a number.", "wrong_type", expected, actual)


def _same_frame(expected: Any, actual: Any) -> Difference | None:
    """Compare everything but the values: an array of zeros stands for both."""
    if type(actual) is np.ndarray and actual.shape == expected.shape and actual.dtype.kind in "iufb":
        if actual.dtype.kind == "f" and not np.isfinite(actual).all():
            return different("Your sample holds nan or infinity.", "not_finite", expected, actual)
        return compare_arrays(np.zeros_like(expected), np.zeros_like(actual), Rules(), TOP)
    return compare_arrays(expected, actual, Rules(), TOP) or different(
        f"Your answer is {kind_of(actual)} of shape {shape_text(np.shape(actual))}.", "wrong_type", expected, actual
    )


def _compare_samples(expected: Any, actual: Any, chosen: Sequence[str], false_alarm: float) -> Difference | None:
    a, b = expected.astype(float).ravel(), actual.astype(float).ravel()
    if a.size == 0:
        return None
    share = false_alarm / len(chosen)
    if "mean" in chosen:
        width = two_sample_width(a, b, share)
        if abs(a.mean() - b.mean()) > width:
            return _outside("averages", a.mean(), b.mean(), width, b.size)
    if "spread" in chosen:
        center = (a.mean() + b.mean()) / 2
        squares_a, squares_b = (a - center) ** 2, (b - center) ** 2
        if abs(squares_a.mean() - squares_b.mean()) > two_sample_width(squares_a, squares_b, share):
            return _outside("has a spread (standard deviation) of", a.std(), b.std(), None, b.size)
    if "distribution" in chosen and ks_distance(a, b) > dkw_width(a.size, b.size, share):
        return Difference(
            "Your sample is distributed differently from the expected one, although its average and spread may fit.",
            "outside_band",
            f"Judged on {count(b.size, 'draw')}.",
            f"quartiles {_quartiles(a)}",
            f"quartiles {_quartiles(b)}",
        )
    return None


def _outside(what: str, wanted: float, given: float, width: float | None, size: int) -> Difference:
    noun = "an average" if what == "averages" else "a spread"
    between = f" (give or take {number(width, 2)})" if width is not None else ""
    return Difference(
        f"Your sample {what} {number(given, 4)}; about {number(wanted, 4)} is expected.",
        "outside_band",
        f"Judged on {count(size, 'draw')}; chance alone does not explain the gap.",
        f"{noun} of about {number(wanted, 4)}{between}",
        f"{noun} of {number(given, 4)}",
    )


def _quartiles(sample: Any) -> str:
    return ", ".join(number(value, 3) for value in np.quantile(sample, [0.25, 0.5, 0.75]))


def z_for(false_alarm: float) -> float:
    """Return the two-sided normal quantile: |z| is larger with probability `false_alarm`."""
    from statistics import NormalDist

    return -NormalDist().inv_cdf(false_alarm / 2)


def two_sample_width(a: Any, b: Any, false_alarm: float) -> float:
    """Return the half width of the band for the difference of two means; never below rounding.

    The variance is the larger of the two samples', so that a sample with no spread at all is not judged by its own.
    """
    variance = max(float(a.var()), float(b.var()))
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-300)
    # A quarter more than the normal band: skewed and discrete samples of a few hundred have heavier tails.
    return 1.25 * z_for(false_alarm) * math.sqrt(variance * (1 / a.size + 1 / b.size)) + 1e-9 * scale


def ks_distance(a: Any, b: Any) -> float:
    """Return the largest gap between two empirical distribution functions."""
    grid = np.union1d(a, b)
    left = np.searchsorted(np.sort(a), grid, side="right") / a.size
    right = np.searchsorted(np.sort(b), grid, side="right") / b.size
    return float(np.abs(left - right).max())


def dkw_width(n: int, m: int, false_alarm: float) -> float:
    """Return the gap that two samples of one distribution exceed with at most that probability, for every n and m.

    Massart's form of the Dvoretzky–Kiefer–Wolfowitz inequality for each sample, joined by the triangle inequality.
    """
    return math.sqrt(math.log(4 / false_alarm) / 2) * (1 / math.sqrt(n) + 1 / math.sqrt(m))
