"""Plan, progress, resources, milestones: the road with dates, evidence and companions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.learner import OutcomeMastery, Plan, StageProgress, Week
from gradus.learner.editing import Draft, read_draft
from gradus.learner.records import Record
from gradus.web.pages.map import MapTrack, tracks

if TYPE_CHECKING:
    from gradus.roadmap import Resource, Stage
    from gradus.web.views import Views

BACKGROUNDS = (
    ("developer", "I program for a living"),
    ("analyst", "I work with data: SQL, spreadsheets, some Python"),
    ("student", "I study, and program a little"),
    ("beginner", "Programming is new to me"),
)


@dataclass(frozen=True)
class PlanPage(Record):
    """``plan`` is None before the learner said where they start from."""

    plan: Plan | None
    tracks: tuple[MapTrack, ...]
    backgrounds: tuple[tuple[str, str], ...]


def plan_page(views: Views) -> PlanPage:
    """The dated plan, and what it can be made anew from."""
    plan = views.plan()
    chosen = plan.settings.track if plan else views.roadmap.tracks[0].id
    return PlanPage(plan, tracks(views.roadmap, chosen), BACKGROUNDS)


# ------------------------------------------------------------------------------------------------ progress


@dataclass(frozen=True)
class ProgressPage(Record):
    """Weeks from the first to this one, and every can-do statement that is shown or begun."""

    stages: tuple[StageProgress, ...]
    passed: int
    total: int
    attempts: int
    hints: int
    minutes: float
    weeks: tuple[Week, ...]
    most_minutes: float
    days_this_week: int | None
    week: tuple[bool, ...]
    days_total: int | None
    can: tuple[OutcomeMastery, ...]
    begun: tuple[OutcomeMastery, ...]
    ahead: int


SHOWN_WEEKS = 26


def progress_page(views: Views) -> ProgressPage:
    """Where the learner stands, with the evidence."""
    progress, mastery, weeks = views.progress(), views.mastery(), views.weeks()[-SHOWN_WEEKS:]
    shown = tuple(row for row in mastery.outcomes if row.mastered)
    begun = tuple(row for row in mastery.outcomes if not row.mastered and row.evidence)
    rhythm = progress.rhythm
    return ProgressPage(
        progress.stages,
        progress.passed,
        progress.total,
        progress.attempts,
        progress.hints,
        progress.minutes,
        weeks,
        max((week.minutes for week in weeks), default=0.0),
        rhythm.days_this_week if rhythm else None,
        rhythm.week if rhythm else (),
        rhythm.days_total if rhythm else None,
        tuple(sorted(shown, key=lambda row: row.mastered_at or datetime.max, reverse=True)),
        begun,
        mastery.total - len(shown) - len(begun),
    )


# ------------------------------------------------------------------------------------------------ resources


@dataclass(frozen=True)
class Companion(Record):
    title: str
    url: str
    why: str


@dataclass(frozen=True)
class UnitCompanions(Record):
    id: str
    number: str
    title: str
    resources: tuple[Companion, ...]


@dataclass(frozen=True)
class StageCompanions(Record):
    number: int
    title: str
    resources: tuple[Companion, ...]
    units: tuple[UnitCompanions, ...]
    projects: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ResourcesPage(Record):
    stages: tuple[StageCompanions, ...]
    answers: tuple[tuple[str, str, str], ...]


def resources_page(views: Views) -> ResourcesPage:
    """Every companion by stage and unit, with why and when."""
    stages = tuple(
        StageCompanions(
            stage.number,
            stage.title,
            _companions(stage.resources),
            tuple(
                UnitCompanions(u.id, u.number, u.title, _companions(u.resources)) for u in stage.units if u.resources
            ),
            tuple((project.title, project.description) for project in stage.projects),
        )
        for stage in views.roadmap.stages
    )
    return ResourcesPage(stages, tuple((row.question, row.answer, row.as_of) for row in views.roadmap.answers))


def _companions(rows: tuple[Resource, ...]) -> tuple[Companion, ...]:
    return tuple(Companion(row.title, row.url, row.why) for row in rows)


# ------------------------------------------------------------------------------------------------ milestones


@dataclass(frozen=True)
class Proof(Record):
    """An examination that is on the record."""

    at: datetime
    proved: bool
    report: Mapping[str, Any]


@dataclass(frozen=True)
class MilestonePage(Record):
    """``ready`` says whether the stage's milestone can be proved yet; ``draft`` is the learner's file."""

    stage: int
    stage_title: str
    title: str
    statement: str
    can_do: tuple[str, ...]
    probes: tuple[str, ...]
    ready: bool
    task: str
    file: str
    draft: Draft | None
    proved: datetime | None
    proofs: tuple[Proof, ...]
    passed: int
    total: int


def milestone_page(views: Views, number: int) -> MilestonePage:
    """The milestone of a stage: what will be probed, the learner's file, and what earlier examinations found."""
    from gradus.milestones.proving import can_be_proved

    stage = views.roadmap.stage(number)
    workspace = views.learner.workspace
    standing = next(row for row in views.progress().stages if row.number == number)
    path = _file(views, stage)
    ready = can_be_proved(stage)
    task = stage.folder / "milestone" / "task.md"
    return MilestonePage(
        stage.number,
        stage.title,
        stage.milestone.title,
        stage.milestone.statement,
        stage.can_do,
        stage.milestone.probes,
        ready,
        _without_title(task.read_text(encoding="utf-8")) if ready and task.is_file() else "",
        str(path.relative_to(workspace.root)),
        read_draft(workspace, path) if ready and path.exists() else None,
        standing.milestone_proved,
        views.keep(f"proofs {number}", lambda: _proofs(views, number)),
        standing.passed,
        standing.total,
    )


def _without_title(text: str) -> str:
    """The page has the title already."""
    return re.sub(r"\A# .*\n+", "", text)


def _proofs(views: Views, number: int) -> tuple[Proof, ...]:
    return tuple(
        Proof(when, bool(event.data.get("proved")), event.data.get("evidence") or {})
        for when, event in reversed(views.history().times)
        if event.kind == "milestone" and event.subject == str(number)
    )


def _file(views: Views, stage: Stage) -> Path:
    from gradus.milestones import milestone_file

    return milestone_file(views.learner.workspace, stage)
