"""How a submission is run and judged. Names are imported when they are first used: the learner's process needs few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.grader.grader import Grader
    from gradus.grader.isolation import isolation_report
    from gradus.grader.local import judge_locally
    from gradus.grader.replies import Submission
    from gradus.grader.session import BrokenSubmission, LearnerError, LimitExceeded
    from gradus.grader.verdict import EXIT_CODES, Diagnosis, Finding, Outcome, Verdict

_HOMES = {
    "Grader": "grader",
    "Submission": "replies",
    "Verdict": "verdict",
    "Diagnosis": "verdict",
    "Finding": "verdict",
    "Outcome": "verdict",
    "EXIT_CODES": "verdict",
    "judge_locally": "local",
    "LearnerError": "session",
    "BrokenSubmission": "session",
    "LimitExceeded": "session",
    "isolation_report": "isolation",
}

__all__ = [
    "EXIT_CODES",
    "BrokenSubmission",
    "Diagnosis",
    "Finding",
    "Grader",
    "LearnerError",
    "LimitExceeded",
    "Outcome",
    "Submission",
    "Verdict",
    "isolation_report",
    "judge_locally",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.grader.{_HOMES[name]}"), name)
