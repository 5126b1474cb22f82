"""Where the learner stands: status, attempts, minutes, days practiced. Pure views of the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from gradus.learner.events import from_microseconds
from gradus.learner.history import QUARTER, History
from gradus.learner.records import (
    COMING,
    DONE,
    MASTERED,
    NOT_STARTED,
    PASSED,
    PASSED_WITH_HELP,
    SKIPPED,
    TRIED,
    UNDER_WAY,
    ExerciseProgress,
    Progress,
    Rhythm,
    StageProgress,
    UnitProgress,
    Week,
)

if TYPE_CHECKING:
    from gradus.learner.workspace import Workspace
    from gradus.roadmap import Exercise, Roadmap, Stage, Unit


def minutes_by_unit(history: History, unit_of: Mapping[str, str]) -> dict[str, float]:
    """Minutes by unit: its lesson, its cards, its exercises. What belongs to no unit is under ""."""
    minutes: dict[str, float] = defaultdict(float, history.minutes_in)
    for exercise, spent in history.minutes_on.items():
        minutes[unit_of.get(exercise, "")] += spent
    return minutes


def exercise_status(history: History, exercise: Exercise, mastered: frozenset[str] = frozenset()) -> str:
    """The status of one exercise. ``mastered`` are the outcomes shown so far."""
    log = history.log(exercise.id)
    if log.first is None:
        return TRIED if log.attempts else NOT_STARTED
    if exercise.skills and mastered.issuperset(exercise.skills):
        return MASTERED
    return PASSED_WITH_HELP if log.first.aided else PASSED


def unit_done(history: History, unit: Unit) -> datetime | None:
    """When the unit's last exercise was passed; None while one is open, and always for a unit that is coming."""
    passes = [history.log(exercise.id).first for exercise in unit.exercises]
    times = [won.at for won in passes if won is not None]
    return max(times) if passes and len(times) == len(passes) else None


def unit_skipped(history: History, unit: Unit) -> datetime | None:
    """When placement showed the unit as known: its placement exercise unaided, or the stage's milestone early."""
    if unit.coming or unit_done(history, unit):
        return None
    times = []
    won = history.log(unit.placement).placement_pass if unit.placement else None
    if won is not None and not won.aided:
        times.append(won.at)
    if str(unit.stage) in history.milestones:
        times.append(history.milestones[str(unit.stage)])
    return min(times, default=None)


def unit_started(history: History, unit: Unit) -> datetime | None:
    """When the unit was begun: its lesson opened, or one of its exercises worked on (placement apart)."""
    times = [history.log(exercise.id).begun for exercise in unit.exercises]
    return min((when for when in (*times, history.lessons.get(unit.id)) if when is not None), default=None)


def unit_status(history: History, unit: Unit) -> str:
    """The status of one unit."""
    if unit.coming:
        return COMING
    if unit_done(history, unit):
        return DONE
    if unit_skipped(history, unit):
        return SKIPPED
    return UNDER_WAY if unit_started(history, unit) else NOT_STARTED


def stage_status(history: History, stage: Stage) -> str:
    """``done`` when the milestone is proved and no unit is left; a stage with units to come is never done."""
    statuses = [unit_status(history, unit) for unit in stage.units]
    open_units = [status for status in statuses if status not in (DONE, SKIPPED)]
    if statuses and not open_units and str(stage.number) in history.milestones:
        return DONE
    if all(status == COMING for status in statuses):
        return COMING
    return NOT_STARTED if all(status in (NOT_STARTED, COMING) for status in statuses) else UNDER_WAY


def build_progress(
    history: History,
    roadmap: Roadmap,
    workspace: Workspace,
    mastered: frozenset[str],
    zone: tzinfo | None = None,
) -> Progress:
    """Everything the progress screen shows."""
    unit_of = {exercise.id: exercise.unit for exercise in roadmap.exercises}
    by_exercise, by_unit = history.minutes_on, minutes_by_unit(history, unit_of)

    def exercise_progress(exercise: Exercise) -> ExerciseProgress:
        log = history.log(exercise.id)
        return ExerciseProgress(
            exercise.id,
            exercise.title,
            exercise_status(history, exercise, mastered),
            log.attempts,
            log.hints,
            round(by_exercise.get(exercise.id, 0.0), 1),
            exercise.difficulty,
            log.last_outcome,
            log.first.at if log.first else None,
            workspace.file_for(exercise),
        )

    def unit_progress(unit: Unit) -> UnitProgress:
        rows = tuple(exercise_progress(exercise) for exercise in unit.exercises)
        passed = sum(row.passed_at is not None for row in rows)
        return UnitProgress(
            unit.id,
            unit.number,
            unit.title,
            unit_status(history, unit),
            passed,
            len(rows),
            round(by_unit.get(unit.id, 0.0), 1),
            unit.id in history.lessons,
            rows,
        )

    def stage_progress(stage: Stage) -> StageProgress:
        units = tuple(unit_progress(unit) for unit in stage.units)
        return StageProgress(
            stage.id,
            stage.number,
            stage.title,
            stage_status(history, stage),
            sum(u.passed for u in units),
            sum(u.total for u in units),
            round(sum(u.minutes for u in units), 1),
            stage.milestone.statement,
            history.milestones.get(str(stage.number)),
            units,
        )

    stages = tuple(stage_progress(stage) for stage in roadmap.stages)
    logs = history.exercises.values()
    return Progress(
        stages,
        sum(s.passed for s in stages),
        sum(s.total for s in stages),
        sum(log.attempts for log in logs),
        sum(log.hints for log in logs),
        round(sum(by_unit.values()), 1),
        rhythm(history, zone) if workspace.settings.rhythm else None,
    )


def rhythm(history: History, zone: tzinfo | None = None) -> Rhythm:
    """Days on which something was practiced, this week (from Monday) and in all. Resting takes nothing away."""
    days = {local_day(from_microseconds(quarter * QUARTER), zone) for quarter in history.quarters}
    today = local_day(history.now, zone)
    monday = today - timedelta(days=today.weekday())
    week = tuple(monday + timedelta(days=offset) in days for offset in range(7))
    return Rhythm(sum(week), week, len(days))


def weeks(history: History, zone: tzinfo | None = None) -> tuple[Week, ...]:
    """Every week from the first thing done to this one, also those of rest."""
    minutes: dict[date, float] = defaultdict(float)
    attempts: dict[date, int] = defaultdict(int)
    passes: dict[date, int] = defaultdict(int)
    for quarter, spent in history.minutes_at.items():
        minutes[_monday(quarter, zone)] += spent
    for quarter, (tried, passed) in history.attempts_at.items():
        attempts[_monday(quarter, zone)] += tried
        passes[_monday(quarter, zone)] += passed
    if not minutes:
        return ()
    today = local_day(history.now, zone)
    first, last = min(minutes), max(max(minutes), today - timedelta(days=today.weekday()))
    days = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)]
    return tuple(Week(day, round(minutes[day], 1), attempts[day], passes[day]) for day in days)


def _monday(quarter: int, zone: tzinfo | None) -> date:
    day = local_day(from_microseconds(quarter * QUARTER), zone)
    return day - timedelta(days=day.weekday())


def local_day(when: datetime, zone: tzinfo | None = None) -> date:
    """The calendar day where the learner is (``zone`` None: what the system says)."""
    return when.astimezone(zone).date()
