"""Placement by doing: each unit's placement exercise, in a file of its own; solved unaided, the unit is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradus.learner.events import PLACING
from gradus.learner.history import PASS, History
from gradus.learner.records import NOT_STARTED, PASSED, PASSED_WITH_HELP, TRIED, Placement, PlacementTask

if TYPE_CHECKING:
    from gradus.learner.workspace import Workspace
    from gradus.roadmap import Exercise, Roadmap, Stage


def placement_exercises(stage: Stage) -> tuple[Exercise, ...]:
    """The exercise of each unit that shows the unit is known, in road order."""
    return tuple(exercise for unit in stage.units for exercise in unit.exercises if exercise.id == unit.placement)


def build_placement(history: History, roadmap: Roadmap, stage: Stage, workspace: Workspace) -> Placement:
    """The stage's entry test as it stands."""
    tasks = tuple(
        PlacementTask(
            exercise.unit,
            roadmap.unit(exercise.unit).title,
            exercise.id,
            exercise.title,
            workspace.file_for(exercise, PLACING),
            _status(history, exercise),
        )
        for exercise in placement_exercises(stage)
    )
    return Placement(str(stage.number), stage.title, tasks, stage.milestone.statement)


def _status(history: History, exercise: Exercise) -> str:
    log = history.log(exercise.id)
    if log.placement_pass is not None:
        return PASSED_WITH_HELP if log.placement_pass.aided else PASSED
    return TRIED if log.placement_outcome not in (None, PASS) else NOT_STARTED
