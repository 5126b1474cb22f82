"""The one obvious next step. A pure function of the history."""

from __future__ import annotations

from datetime import tzinfo
from itertools import takewhile
from typing import TYPE_CHECKING

from gradus.learner.events import CARD, PLACING, REVIEWING, WORK
from gradus.learner.history import PASS, History
from gradus.learner.progress import local_day, unit_skipped, unit_started
from gradus.learner.records import ReviewQueue, Step

if TYPE_CHECKING:
    from gradus.learner.workspace import Workspace
    from gradus.roadmap import Exercise, Roadmap, Stage, Unit

REVIEWS_A_DAY = 12  # after so many, new things come first, so that a long rest does not end in a wall of reviews


def next_step(
    history: History, roadmap: Roadmap, workspace: Workspace, queue: ReviewQueue, zone: tzinfo | None = None
) -> Step:
    """What to do now: finish what failed last, then due reviews, then the road in order."""
    return (
        _unfinished(history, roadmap, workspace)
        or _due(history, queue, workspace, roadmap, zone)
        or _along_the_road(history, roadmap, workspace)
        or _nothing_left(history, roadmap, queue)
    )


def _unfinished(history: History, roadmap: Roadmap, workspace: Workspace) -> Step | None:
    exercise = next((e for e in roadmap.exercises if e.id == history.current), None)
    if exercise is None:
        return None
    log = history.log(exercise.id)
    again = log.last_context == REVIEWING
    if log.last_context == PLACING:  # an entry test says what is known; nobody has to finish it
        return None
    if log.last_outcome == PASS or (log.passed and not again):
        return None
    if again and not (log.resolves and log.resolves[-1].passed is None):
        return None
    why = "It is begun and not finished." if log.last_outcome == "unstarted" else "Its last check did not pass."
    return _exercise_step(exercise, workspace, why, log.last_context)


def _exercise_step(exercise: Exercise, workspace: Workspace, why: str, context: str = WORK) -> Step:
    file = workspace.file_for(exercise, context)
    place = f" --file {file.relative_to(workspace.root).as_posix()}" if context == REVIEWING else ""
    return Step(
        "exercise",
        exercise.title,
        why,
        f"gradus check {exercise.id}{place}",
        file,
        str(exercise.stage),
        exercise.unit,
        exercise.id,
    )


def _due(
    history: History, queue: ReviewQueue, workspace: Workspace, roadmap: Roadmap, zone: tzinfo | None
) -> Step | None:
    if not queue.due:
        return None
    today = local_day(history.now, zone)
    lately = takewhile(lambda row: local_day(row[0], zone) == today, reversed(history.times))
    done = sum(event.kind == CARD or event.data.get("context") == REVIEWING for _, event in lately)
    if done >= REVIEWS_A_DAY:
        return None
    count = len(queue.due)
    first = queue.due[0]
    return Step(
        "review",
        f"Review {count} thing{'s' if count > 1 else ''} you learned",
        "They come back just before they would be forgotten.",
        "gradus review",
        None,
        str(roadmap.unit(first.unit).stage),
        first.unit,
        first.id if first.kind == "exercise" else None,
        count,
    )


def _along_the_road(history: History, roadmap: Roadmap, workspace: Workspace) -> Step | None:
    for stage in roadmap.stages:
        for unit in stage.units:
            if not unit.coming and not unit_skipped(history, unit) and (step := _in_unit(history, unit, workspace)):
                return step
        if _units_complete(history, stage) and str(stage.number) not in history.milestones:
            return Step(
                "milestone",
                stage.milestone.title,
                stage.milestone.statement,
                f"gradus milestone {stage.number}",
                None,
                str(stage.number),
            )
    return None


def _units_complete(history: History, stage: Stage) -> bool:
    """Whether every unit is done or skipped; one that is still to be written never is."""
    return bool(stage.units) and all(
        not unit.coming and (unit_skipped(history, unit) or all(history.log(e.id).passed for e in unit.exercises))
        for unit in stage.units
    )


def _in_unit(history: History, unit: Unit, workspace: Workspace) -> Step | None:
    left = [exercise for exercise in unit.exercises if not history.log(exercise.id).passed]
    if not left:
        return None
    if unit_started(history, unit) is None:
        return Step(
            "lesson",
            f"{unit.number} {unit.title}",
            f"{unit.summary} Read the lesson, then {_begin(left[0])} beside it.",
            f"gradus check {left[0].id}",
            workspace.lesson_for(unit),
            str(unit.stage),
            unit.id,
            left[0].id,
        )
    tried = next((e for e in left if history.log(e.id).attempts), left[0])
    number, total = len(unit.exercises) - len(left) + 1, len(unit.exercises)
    return _exercise_step(tried, workspace, f"Exercise {number} of {total} in {unit.number} {unit.title}.")


def _begin(exercise: Exercise) -> str:
    return f"work in the folder {exercise.id}/" if exercise.is_project else f"write {exercise.id}.py"


def _nothing_left(history: History, roadmap: Roadmap, queue: ReviewQueue) -> Step:
    later = f"Your next review is on {queue.later[0].due:%Y-%m-%d}." if queue.later else ""
    coming = next((unit for unit in roadmap.units if unit.coming), None)
    if coming is not None:
        return Step(
            "coming",
            f"{coming.number} {coming.title} is not written yet",
            f"You have finished everything that is here. {later}".strip(),
            "gradus progress",
            None,
            str(coming.stage),
            coming.id,
        )
    return Step("done", "You have walked the whole road", later or "Keep building.", "gradus progress")
