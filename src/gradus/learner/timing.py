"""How long the learner's own way and the other good ways take, on the same inputs, in the same sandbox.

The clock runs beside the code, in the learner's process: what it says is a comparison to learn from, never a verdict.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.checks import CheckSet
    from gradus.grader import Grader, Submission
    from gradus.roadmap import Exercise

_REPEATS = 7
_MOST_CASES = 20
_STOPWATCH = "gradus_stopwatch__"
_HARNESS = f"""


def {_STOPWATCH}(name, args, kwargs, repeats):
    import copy, time
    best = float("inf")
    for _ in range(repeats):
        given, named = copy.deepcopy((list(args), dict(kwargs)))
        begun = time.perf_counter()
        globals()[name](*given, **named)
        best = min(best, time.perf_counter() - begun)
    return best
"""


def time_ways(
    grader: Grader | None, exercise: Exercise, checks: CheckSet, mine: bytes | None, sources: list[str]
) -> tuple[float | None, list[float | None], int]:
    """The learner's own time, each way's time (milliseconds, None when unknown), and over how many inputs."""
    if grader is None or mine is None:
        return None, [None] * len(sources), 0
    from gradus.grader.replies import Submission

    name = f"{exercise.id}.py"
    submissions = [Submission(mine, name, {}), *(Submission(text.encode(), name, {}) for text in sources)]
    times, inputs = time_sources(grader, exercise, checks, submissions)
    return times[0], times[1:], inputs


def time_sources(
    grader: Grader, exercise: Exercise, checks: CheckSet, submissions: list[Submission]
) -> tuple[list[float | None], int]:
    """Milliseconds of each submission over the same drawn cases (the best of several runs each), and how many cases.

    None for a submission that raised, or when the cases are not plain calls.
    """
    import numpy as np

    rng = np.random.default_rng(secrets.randbits(64))
    calls = []
    for group in checks.case_groups:
        if group.run is None:
            calls += [(group.of or checks.default_name, call) for call in group.draw(rng)]
    calls = calls[:_MOST_CASES]
    if not calls:
        return [None] * len(submissions), 0
    return [_time(grader, exercise, submission, calls) for submission in submissions], len(calls)


def _time(grader: Grader, exercise: Exercise, submission: Submission, calls: list[tuple[str, Any]]) -> float | None:
    from gradus.grader.replies import Submission as Sealed

    timed = Sealed(submission.source + _HARNESS.encode(), submission.name, submission.siblings)
    total = 0.0
    try:
        with grader.session(timed, exercise.limits) as student:
            for name, call in calls:
                total += float(getattr(student, _STOPWATCH)(name, list(call.args), dict(call.kwargs), _REPEATS))
    except Exception:
        # A way that cannot be timed is shown without a time. Whatever it was (a raise, a limit), it is no verdict.
        return None
    return total * 1000
