"""What the learner's room answers with: frozen records that every front door can render, each with ``to_json()``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

# Exercise, unit and stage statuses, in the words a screen shows.
NOT_STARTED = "not started"
TRIED = "tried"
PASSED_WITH_HELP = "passed with help"
PASSED = "passed"
MASTERED = "mastered"
SKIPPED = "skipped by placement"
UNDER_WAY = "under way"
DONE = "done"
COMING = "coming"


class Record:
    """A frozen dataclass that turns itself into plain JSON data."""

    def to_json(self) -> dict[str, Any]:
        """Fields as plain data: dates in ISO 8601, paths as text, tuples as lists, records as objects."""
        names = [field.name for field in dataclasses.fields(self)]  # type: ignore[arg-type]  # every subclass is one
        return {name: plain(getattr(self, name)) for name in names}


def plain(value: Any) -> Any:
    """``value`` as JSON data."""
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value


# ------------------------------------------------------------------------------------------------ help


@dataclass(frozen=True)
class Hint(Record):
    """One step of help. ``level`` is 1 (nudge), 2 (idea) or 3 (almost there); ``remaining`` counts what is left."""

    exercise: str
    level: int
    text: str
    remaining: int


@dataclass(frozen=True)
class Solution(Record):
    """The reference solution. ``aided`` is true when it was shown before a pass, so later passes count as helped."""

    exercise: str
    source: str
    aided: bool


@dataclass(frozen=True)
class Way(Record):
    """One good way to solve an exercise. ``milliseconds`` is its time on the inputs the learner's own was timed on."""

    name: str
    praise: str
    source: str
    milliseconds: float | None = None


@dataclass(frozen=True)
class Ways(Record):
    """The reference and other good ways, with the learner's own time when a grader was there to measure it."""

    exercise: str
    yours: float | None
    ways: tuple[Way, ...]
    inputs: int = 0


# ------------------------------------------------------------------------------------------------ next and progress


@dataclass(frozen=True)
class Step(Record):
    """The one obvious next step.

    ``kind``: ``exercise``, ``lesson``, ``review``, ``milestone``, ``coming`` (the rest is not written yet) or ``done``.
    ``command`` is what to type in the shell; ``file`` what to open. ``count`` is the number of reviews due.
    """

    kind: str
    title: str
    why: str
    command: str = ""
    file: Path | None = None
    stage: str | None = None
    unit: str | None = None
    exercise: str | None = None
    count: int = 0


@dataclass(frozen=True)
class ExerciseProgress(Record):
    """Where the learner stands with one exercise."""

    id: str
    title: str
    status: str
    attempts: int
    hints: int
    minutes: float
    difficulty: int
    last_outcome: str | None
    passed_at: datetime | None
    file: Path


@dataclass(frozen=True)
class UnitProgress(Record):
    """Where the learner stands with one unit. ``status`` is ``coming`` for a unit that has no exercises yet."""

    id: str
    number: str
    title: str
    status: str
    passed: int
    total: int
    minutes: float
    lesson_opened: bool
    exercises: tuple[ExerciseProgress, ...]


@dataclass(frozen=True)
class StageProgress(Record):
    """Where the learner stands with one stage and its milestone."""

    id: str
    number: int
    title: str
    status: str
    passed: int
    total: int
    minutes: float
    milestone: str
    milestone_proved: datetime | None
    units: tuple[UnitProgress, ...]


@dataclass(frozen=True)
class Rhythm(Record):
    """Days practised. Nothing is lost by resting: both numbers only grow, the first one within its week."""

    days_this_week: int
    week: tuple[bool, ...]
    days_total: int


@dataclass(frozen=True)
class Week(Record):
    """One week, from Monday: minutes spent, attempts made, and how many of them passed."""

    starts: date
    minutes: float
    attempts: int
    passes: int


@dataclass(frozen=True)
class Progress(Record):
    """Everything the progress screen shows. ``rhythm`` is None when it is switched off in gradus.toml."""

    stages: tuple[StageProgress, ...]
    passed: int
    total: int
    attempts: int
    hints: int
    minutes: float
    rhythm: Rhythm | None


# ------------------------------------------------------------------------------------------------ mastery


@dataclass(frozen=True)
class Evidence(Record):
    """One unaided pass that counts for an outcome. ``event`` names the recorded attempt or answer."""

    item: str
    kind: str
    at: datetime
    event: str


@dataclass(frozen=True)
class OutcomeMastery(Record):
    """A can-do statement and what shows it. ``missing`` says in words what is left when it is not mastered."""

    id: str
    can: str
    unit: str
    stage: str
    mastered_at: datetime | None
    evidence: tuple[Evidence, ...]
    missing: str

    @property
    def mastered(self) -> bool:
        """Whether the outcome is shown."""
        return self.mastered_at is not None


@dataclass(frozen=True)
class Mastery(Record):
    """Every outcome of the roadmap that has items, in roadmap order."""

    outcomes: tuple[OutcomeMastery, ...]
    mastered: int
    total: int


# ------------------------------------------------------------------------------------------------ review


@dataclass(frozen=True)
class ReviewItem(Record):
    """Something once learned that comes back. ``kind`` is ``card`` (id ``unit/card``) or ``exercise``."""

    id: str
    kind: str
    title: str
    unit: str
    due: datetime
    last: datetime | None
    reviews: int


@dataclass(frozen=True)
class ReviewQueue(Record):
    """What is due now, oldest first, and what comes later, soonest first."""

    due: tuple[ReviewItem, ...]
    later: tuple[ReviewItem, ...]
    at: datetime


@dataclass(frozen=True)
class Question(Record):
    """A card as it is asked: ``seed`` fixes a computed card's values and the order of the choices."""

    id: str
    unit: str
    outcome: str
    question: str
    choices: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Answer(Record):
    """What became of an answered card. ``explanations`` has one entry a choice, in the order they were asked."""

    id: str
    correct: bool
    chosen: int
    right: int
    explanations: tuple[str, ...]
    next_due: datetime


@dataclass(frozen=True)
class LaidOut(Record):
    """A fresh file for the learner to write in (a re-solve, a placement task, or an exercise that was reset)."""

    exercise: str
    title: str
    file: Path
    kept: str | None = None


# ------------------------------------------------------------------------------------------------ placement


@dataclass(frozen=True)
class PlacementTask(Record):
    """The exercise that shows one unit is known. ``status`` is as for exercises; passed unaided skips the unit."""

    unit: str
    unit_title: str
    exercise: str
    title: str
    file: Path
    status: str


@dataclass(frozen=True)
class Placement(Record):
    """A stage's entry test: solved, not answered."""

    stage: str
    title: str
    tasks: tuple[PlacementTask, ...]
    milestone: str


# ------------------------------------------------------------------------------------------------ plan


@dataclass(frozen=True)
class PlanSettings(Record):
    """What the plan rests on. ``background``: developer, analyst, student, beginner."""

    background: str
    hours_per_week: float
    track: str
    start: date


@dataclass(frozen=True)
class PlannedUnit(Record):
    """One unit's place in the calendar. ``done_on`` is set once it is done (or skipped by placement)."""

    id: str
    number: str
    title: str
    stage: str
    starts: date
    ends: date
    weeks: float
    hours: float
    status: str
    done_on: date | None


@dataclass(frozen=True)
class PlannedStage(Record):
    """One stage's place in the calendar; the milestone is due on ``ends``."""

    id: str
    number: int
    title: str
    starts: date
    ends: date
    weeks: float
    weeks_range: tuple[float, float]
    milestone: str
    proved_on: date | None


@dataclass(frozen=True)
class Forecast(Record):
    """When the road ends at the learner's real pace: a range of dates, and how many finished units it rests on."""

    earliest: date
    likely: date
    latest: date
    pace: float
    units: int


@dataclass(frozen=True)
class Plan(Record):
    """The dated plan. ``months`` is its length, ``months_range`` what the roadmap's week ranges allow."""

    settings: PlanSettings
    stages: tuple[PlannedStage, ...]
    units: tuple[PlannedUnit, ...]
    finish: date
    months: float
    months_range: tuple[float, float]
    forecast: Forecast | None
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Imported(Record):
    """What an import did: how many events were new here and how many were known already."""

    new: int
    known: int
