"""Asking the milestones' room for a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner


def prove_json(learner: Learner, stage: int, grader: Grader, **options: Any) -> dict[str, Any]:
    """The report of a proof, as JSON, recorded as an event."""
    from gradus.milestones import prove

    report = prove(stage, learner.workspace, grader=grader, roadmap=learner.roadmap, **options)
    result: dict[str, Any] = report.to_json()
    learner.record_milestone(stage, proved=report.outcome == "verified", evidence=result)
    return result
