"""C16, calibration: chances are compared with what chances that are right would show on as many rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Driver, as_call, fail
from gradus.checks.compare_samples import FALSE_ALARM
from gradus.checks.probes.base import ask, probe, text
from gradus.checks.probes.resampling import BINS, RESAMPLES, bin_of, ece, ece_null, permutation_p
from gradus.checks.show import count, number

#: ``make(rng)`` returns the case, and what the learner does not see: the outcomes of the rows asked about.
MakeWithTruth = Callable[[np.random.Generator], tuple[Any, Any]]


@dataclass(frozen=True)
class Calibration:
    """A calibration error, and the errors of chances that are right: mean, deviation, 95th percentile, p-value."""

    error: float
    null_mean: float
    null_spread: float
    limit: float
    p: float
    rows: int

    @property
    def calibrated(self) -> bool:
        """Whether the error is one that right chances may show (below their 95th percentile)."""
        return self.error <= self.limit


def calibration_test(
    y: Any, p: Any, rng: np.random.Generator, *, bins: int | Sequence[float] = BINS, many: int = RESAMPLES
) -> Calibration:
    """Compare the calibration error of chances `p` (n,) for outcomes `y` (n,) of 0 and 1 with its simulated null.

    Measured rates: see `calibration`.
    """
    error = ece(y, p, bins)
    null = ece_null(p, rng, many=many, bins=bins)
    limit = float(np.quantile(null, 0.95))
    return Calibration(
        error, float(null.mean()), float(null.std()), limit, permutation_p(error, null), len(np.asarray(p))
    )


def error_bound(p: Any, bins: int | Sequence[float] = BINS, false_alarm: float = FALSE_ALARM) -> float:
    """Return the calibration error that right chances `p` (n,) exceed with probability `false_alarm` at most.

    Bernstein's inequality over every choice of signs of the bins: it holds for any n, and for chances near 0 and 1.
    """
    p = np.asarray(p, dtype=float)
    used = len(np.unique(bin_of(p, bins)))
    nats = used * math.log(2) - math.log(false_alarm)
    return (nats / 3 + math.sqrt(nats**2 / 9 + 2 * nats * float((p * (1 - p)).sum()))) / len(p)


def calibration(
    of: str,
    make: MakeWithTruth,
    *,
    bins: int | Sequence[float] = BINS,
    false_alarm: float = FALSE_ALARM,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that predicted chances are right: of rows given 0.7, about seven in ten turn out to be 1.

    ``make(rng)`` returns two things: the case, and the outcomes (n,) that the learner does not see. The function
    returns the chances (n,) of outcome 1, or (n, 2). They are refused when their error exceeds `error_bound`, which
    right chances do once in ``1 / false_alarm`` checks at most; a fitted model is never exactly right, so let it
    learn from several times as many rows as it is tested on.

    Measured, 200 samples each: found 200 of 200 with log odds doubled or halved (3,000 rows), shifted by 1, hard
    labels, one class copied three times, one wrong chance for all (1,000 rows); at 1,000 rows 186 doubled, 30 halved, 9
    shifted by 0.5, 3 times 1.5. 0 false alarms in 800 samples of right chances. Its null's 95th percentile
    (`calibration_test`) is exceeded by right chances in 6.2 % of 1,000 samples of 100 rows, 5.1 % with 1,000 rows.
    """

    def behave(student: Any, rng: np.random.Generator) -> None:
        made, truth = make(rng)
        case = as_call(made)
        p = np.asarray(ask(student, of, case, run), dtype=float)
        if p.ndim == 2 and p.shape[1] == 2:
            p = p[:, 1]
        y = np.asarray(truth, dtype=float)
        if p.shape != y.shape or not ((p >= 0) & (p <= 1)).all():
            fail(f"These are not {len(y)} chances between 0 and 1.", case=text(of, case), actual=p)
        found = calibration_test(y, p, rng, bins=bins)
        limit = error_bound(p, bins, false_alarm)
        if found.error > limit:
            over = float(p.mean() - y.mean())
            fail(
                f"On {count(len(y), 'row')} the chances are off by {number(found.error, 2)} on average; right ones "
                f"would be by {number(found.null_mean, 2)}.",
                case=text(of, case),
                expected=f"an error of about {number(found.null_mean, 2)}, at most {number(limit, 2)}",
                actual=f"{number(found.error, 2)}; mean chance {number(p.mean(), 3)}, share of ones "
                f"{number(y.mean(), 3)} ({'too high' if over > 0 else 'too low'} by {number(abs(over), 2)})",
            )  # fmt: skip

    return probe(
        "calibration", title or "chances turn out as often as they say", message or
        "Of all rows that get the chance 0.7, seven in ten should turn out to be 1. Scores that only rank well, hard "
        "labels, or chances pushed to 0 and 1 rank the same and promise something else.",
        behave,
    )  # fmt: skip
