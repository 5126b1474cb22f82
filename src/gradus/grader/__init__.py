"""How a submission is run and judged. Names are imported when they are first used: the learner's process needs few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.grader.grader import Grader
    from gradus.grader.host import serve
    from gradus.grader.local import judge_locally
    from gradus.grader.replies import Submission
    from gradus.grader.request import request
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
    "serve": "host",
    "request": "request",
}

__all__ = [
    "EXIT_CODES",
    "Diagnosis",
    "Finding",
    "Grader",
    "Outcome",
    "Submission",
    "Verdict",
    "judge_locally",
    "request",
    "serve",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.grader.{_HOMES[name]}"), name)
