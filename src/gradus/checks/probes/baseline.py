"""C17, beats a baseline: by a paired interval over rows, or over whole groups, that leaves out 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Driver, as_call, fail
from gradus.checks.probes.base import ask, probe, text
from gradus.checks.probes.calibration import MakeWithTruth
from gradus.checks.probes.resampling import RESAMPLES, Score, paired_bootstrap
from gradus.checks.show import count, number


def beats_baseline(
    of: str,
    make: MakeWithTruth,
    *,
    baseline: Callable[..., Any],
    score: Score,
    units: Callable[..., Any] | None = None,
    level: float = 0.95,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that predictions are better than a baseline's, with an interval of the gain above 0.

    ``make(rng)`` returns two things: the case, and the true answers (n,) that the learner does not see.
    ``baseline(*args)`` is called with the same case; ``score(truth, predictions)``: more is better; ``units(*args)``
    names the group of each row, so that whole groups are drawn. Few rows leave the question open, and open is refused:
    make the case so large that good work wins each time. Milestones use `resampling.paired_bootstrap`, whose
    ``decision`` may be "unresolved".

    Measured, 200 samples each: 400 rows: refused 200 of 200 of the baseline itself, coins and exchanged labels, 199 of
    the baseline with a tenth changed; 0 of 200 honest logistic regressions. With 50 rows 75 of 200 honest ones are
    refused, as too little is known.
    """

    def behave(student: Any, rng: np.random.Generator) -> None:
        made, truth = make(rng)
        case = as_call(made)
        kwargs = dict(case.kwargs)
        ours = np.asarray(ask(student, of, case, run))
        truth = np.asarray(truth)
        if len(ours) != len(truth):
            fail(f"{count(len(truth), 'prediction')} are needed, yours are {len(ours)}.", case=text(of, case))
        theirs = np.asarray(baseline(*case.args, **kwargs))
        groups = None if units is None else units(*case.args, **kwargs)
        found = paired_bootstrap(score, truth, ours, theirs, rng, units=groups, many=RESAMPLES, level=level)
        if found.decision == "better":
            return
        gap = f"{number(found.estimate, 2)} (interval from {number(found.low, 2)} to {number(found.high, 2)})"
        if found.decision == "worse":
            fail(f"The baseline does better: your gain is {gap}.", case=text(of, case), expected="above 0", actual=gap)
        fail(
            f"On {count(len(truth), 'row')} this cannot be told from the baseline: the gain is {gap}.",
            case=text(of, case), expected="an interval above 0", actual=gap,
        )  # fmt: skip

    return probe(
        "beats_baseline", title or "it is better than the baseline, beyond luck", message or
        "Both were scored on the same rows, and the rows were drawn again many times: a gain that is sometimes a loss "
        "proves nothing yet.",
        behave,
    )  # fmt: skip
