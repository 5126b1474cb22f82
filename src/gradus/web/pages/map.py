"""The map: six stages, their units, both tracks, what is done, what is next, the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gradus.learner import Forecast, PlannedUnit, Rhythm, StageProgress, UnitProgress
from gradus.learner.records import Record
from gradus.web.pages.common import Link, next_link

if TYPE_CHECKING:
    from gradus.learner import Plan, PlannedStage
    from gradus.roadmap import Roadmap, Stage
    from gradus.web.views import Views


@dataclass(frozen=True)
class MapExercise(Record):
    id: str
    title: str
    status: str
    difficulty: int


@dataclass(frozen=True)
class MapUnit(Record):
    """One unit on the map. ``ends`` is when the plan has it done; ``here`` marks the one the next step lies in."""

    id: str
    number: str
    title: str
    summary: str
    status: str
    passed: int
    total: int
    minutes: int
    ends: date | None
    here: bool
    exercises: tuple[MapExercise, ...]


@dataclass(frozen=True)
class MapStage(Record):
    number: int
    title: str
    summary: str
    status: str
    passed: int
    total: int
    weeks: tuple[float, float] | None
    starts: date | None
    ends: date | None
    milestone: str
    statement: str
    proved: datetime | None
    here: bool
    open: bool
    units: tuple[MapUnit, ...]


@dataclass(frozen=True)
class MapTrack(Record):
    id: str
    title: str
    focus: str
    chosen: bool


@dataclass(frozen=True)
class MapPage(Record):
    title: str
    promise: str
    next: Link
    stages: tuple[MapStage, ...]
    tracks: tuple[MapTrack, ...]
    passed: int
    total: int
    minutes: float
    finish: date | None
    months: float | None
    forecast: Forecast | None
    rhythm: Rhythm | None


def map_page(views: Views) -> MapPage:
    """The whole road at a glance."""
    progress, plan, step, road = views.progress(), views.plan(), views.next(), views.roadmap
    chosen = plan.settings.track if plan else ""
    stages = tuple(
        _stage(stage, standing, plan, step.stage == str(stage.number), step.unit)
        for stage, standing in zip(road.stages, progress.stages, strict=True)
    )
    return MapPage(
        road.title,
        road.promise,
        next_link(views),
        stages,
        tracks(road, chosen),
        progress.passed,
        progress.total,
        progress.minutes,
        plan.finish if plan else None,
        plan.months if plan else None,
        plan.forecast if plan else None,
        progress.rhythm,
    )


def tracks(road: Roadmap, chosen: str) -> tuple[MapTrack, ...]:
    """The tracks, with the one that was chosen marked."""
    return tuple(MapTrack(track.id, track.title, track.focus, track.id == chosen) for track in road.tracks)


def _stage(stage: Stage, standing: StageProgress, plan: Plan | None, here: bool, unit: str | None) -> MapStage:
    planned: PlannedStage | None = next((row for row in plan.stages if row.id == stage.id), None) if plan else None
    dates = {row.id: row for row in plan.units} if plan else {}
    units = tuple(
        _unit(row, known.summary, known.minutes, dates.get(row.id), here and row.id == unit)
        for row, known in zip(standing.units, stage.units, strict=True)
    )
    return MapStage(
        stage.number,
        stage.title,
        stage.summary,
        standing.status,
        standing.passed,
        standing.total,
        planned.weeks_range if planned else (None if stage.weeks is None else (stage.weeks[0], stage.weeks[1])),
        planned.starts if planned else None,
        planned.ends if planned else None,
        stage.milestone.title,
        stage.milestone.statement,
        standing.milestone_proved,
        here,
        here or standing.status == "under way",
        units,
    )


def _unit(row: UnitProgress, summary: str, minutes: int, planned: PlannedUnit | None, here: bool) -> MapUnit:
    return MapUnit(
        row.id,
        row.number,
        row.title,
        summary,
        row.status,
        row.passed,
        row.total,
        minutes,
        planned.ends if planned else None,
        here,
        tuple(MapExercise(e.id, e.title, e.status, e.difficulty) for e in row.exercises),
    )
