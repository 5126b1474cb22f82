"""What every page shares: where *continue* leads, how much is due, and what the record has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradus.learner import Step
from gradus.learner.records import Record

if TYPE_CHECKING:
    from pathlib import Path

    from gradus.web.views import Views


@dataclass(frozen=True)
class Link(Record):
    """Where to go, and what it is called there. ``why`` is a sentence, ``verb`` what the button says."""

    url: str
    title: str
    why: str = ""
    kind: str = ""
    verb: str = "Continue"


@dataclass(frozen=True)
class Chrome(Record):
    """The frame around a page."""

    next: Link
    due: int
    workspace: str
    notices: tuple[str, ...]
    planned: bool


def chrome(views: Views) -> Chrome:
    """The frame as it stands now; the record's notices are shown once."""
    history = views.history()
    notices, views.notices = tuple(views.notices), []
    root = views.learner.workspace.root
    return Chrome(next_link(views), len(views.queue().due), root.name, notices, history.plan is not None)


def next_link(views: Views) -> Link:
    """The next step as a link."""
    step = views.next()
    verbs = {"exercise": "Continue", "lesson": "Read the lesson", "review": "Review", "milestone": "Prove it"}
    return Link(step_url(step, views), step.title, step.why, step.kind, verbs.get(step.kind, "See how you stand"))


def step_url(step: Step, views: Views) -> str:
    """The page a step leads to."""
    if step.kind == "exercise" and step.exercise:
        return exercise_url(step.exercise, context_of(views, step.file))
    if step.kind == "lesson" and step.unit:
        return f"/unit/{step.unit}"
    if step.kind == "milestone" and step.stage:
        return f"/milestone/{step.stage}"
    return "/review" if step.kind == "review" else "/progress"


def context_of(views: Views, file: Path | None) -> str:
    """``work``, ``review`` or ``placement``, by where a file lies."""
    return views.learner.workspace.context_of(file) if file is not None else "work"


def exercise_url(exercise: str, context: str = "work") -> str:
    """The page of an exercise."""
    return f"/exercise/{exercise}" if context == "work" else f"/exercise/{exercise}?context={context}"
