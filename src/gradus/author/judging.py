"""The two judges a proof asks: the local one for bulk, the sandboxed grader for truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gradus.checks.load import CheckSet
    from gradus.grader.replies import Submission
    from gradus.grader.verdict import Verdict


class Judge(Protocol):
    """Judges one source as if it were the learner's file."""

    def __call__(self, checks: CheckSet, source: str, seed: int) -> Verdict: ...


def submission(checks: CheckSet, source: str) -> Submission:
    """A learner's file with this source."""
    from gradus.grader.replies import Submission

    return Submission(source.encode(), f"{checks.exercise.id}.py")


def local_judge(checks: CheckSet, source: str, seed: int) -> Verdict:
    """Judge in this process, without a sandbox: milliseconds faster, for code that the author wrote."""
    from gradus.grader.local import judge_locally

    return judge_locally(checks, submission(checks, source), seed=seed)


def told(verdict: Verdict) -> str:
    """A verdict in a few words, for a list of problems."""
    named = f", diagnosis “{verdict.diagnosis.id}”" if verdict.diagnosis else ""
    headline = f": {verdict.headline}" if verdict.headline else ""
    return f"{verdict.outcome}{named} (seed {verdict.seed}){headline}"
