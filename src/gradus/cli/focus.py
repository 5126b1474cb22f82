"""Which exercise is meant, and everything a screen shows about it, as plain JSON data."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError

if TYPE_CHECKING:
    from gradus.learner import Learner, Step
    from gradus.learner.history import History
    from gradus.roadmap import Exercise, Unit

Json = dict[str, Any]
MOST_FIGURES = 8

#: Layers that a check should run in, wherever the system has them. A user number of its own needs root, so it is extra.
LAYERS = ("user", "pid", "mount", "net", "ipc", "uts", "seccomp", "landlock", "capabilities", "rlimits")


def find(
    learner: Learner, exercise: str | None = None, path: str | None = None, after: str | None = None
) -> tuple[Exercise | None, Path | None]:
    """The exercise meant by an id, by a file's path, by the one before it, or the current one; and its file."""
    if path is not None:
        return _by_path(learner, Path(path))
    if exercise is not None:
        chosen = learner.roadmap.exercise(exercise)
        return chosen, learner.workspace.file_for(chosen)
    if after is not None:
        following = _after(learner, after)
        return following, learner.workspace.file_for(following) if following else None
    return _current(learner)


def _by_path(learner: Learner, path: Path) -> tuple[Exercise, Path]:
    located = learner.workspace.locate(path)
    known = {exercise.id: exercise for exercise in learner.roadmap.exercises}
    for name in (located[0] if located else path.stem, path.stem):
        if name in known:
            chosen = known[name]
            return chosen, learner.workspace.project_at(chosen, path) if chosen.is_project else path
    raise UsageError(
        "This file belongs to no exercise.", str(path), "Its name says which it is: name the exercise, and add --file."
    )


def _current(learner: Learner) -> tuple[Exercise | None, Path | None]:
    """What the next step leads to; while reviews are due, the first exercise that is still open."""
    step = learner.next()
    if step.exercise and step.kind in ("exercise", "lesson"):
        chosen = learner.roadmap.exercise(step.exercise)
        return chosen, step.file if step.kind == "exercise" and step.file else learner.workspace.file_for(chosen)
    chosen_open = _first_open(learner.history(), learner.roadmap.units)
    return chosen_open, learner.workspace.file_for(chosen_open) if chosen_open else None


def _first_open(history: History, units: tuple[Unit, ...]) -> Exercise | None:
    from gradus.learner.progress import unit_skipped

    for unit in units:
        if not unit.coming and not unit_skipped(history, unit):
            for exercise in unit.exercises:
                if not history.log(exercise.id).passed:
                    return exercise
    return None


def _after(learner: Learner, exercise: str) -> Exercise | None:
    """The next open exercise along the road, behind this one; then from the beginning."""
    history, exercises = learner.history(), learner.roadmap.exercises
    at = next((i for i, item in enumerate(exercises) if item.id == exercise), -1)
    ordered = [*exercises[at + 1 :], *exercises[: max(at, 0)]]
    return next((item for item in ordered if not history.log(item.id).passed), None)


# ------------------------------------------------------------------------------------------------ data


def next_json(learner: Learner) -> Json:
    """Answer for ``gradus next`` and ``gradus``."""
    step = learner.next()
    exercise, file = _of_step(learner, step)
    focus = focus_json(learner, exercise, file) if exercise else {}
    stage = int(step.stage) if step.stage else (exercise.stage if exercise else None)
    return {
        "workspace": str(learner.workspace.root),
        "step": step.to_json(),
        "due": len(learner.review_queue().due),
        "stage": _stage_json(learner, stage) if stage else None,
        "unit": focus.get("unit") or (_unit_json(learner, learner.roadmap.unit(step.unit)) if step.unit else None),
        "focus": focus or None,
        "notices": list(learner.notices),
    }


def _of_step(learner: Learner, step: Step) -> tuple[Exercise | None, Path | None]:
    if not step.exercise or step.kind not in ("exercise", "lesson"):
        return None, None
    exercise = learner.roadmap.exercise(step.exercise)
    return exercise, step.file if step.kind == "exercise" and step.file else learner.workspace.file_for(exercise)


def focus_json(learner: Learner, exercise: Exercise | None, file: Path | None) -> Json:
    """An exercise as watch mode and ``gradus task`` show it; without one, the next step."""
    if exercise is None:
        step = learner.next()
        around = _unit_json(learner, learner.roadmap.unit(step.unit)) if step.unit else None
        return {"exercise": None, "step": step.to_json(), "unit": around}
    from gradus.learner.progress import exercise_status

    history, unit = learner.history(), learner.roadmap.unit(exercise.unit)
    log = history.log(exercise.id)
    file = file or learner.workspace.file_for(exercise)
    return {
        "exercise": exercise.id,
        "title": exercise.title,
        "task": exercise.task,
        "difficulty": exercise.difficulty,
        "minutes": exercise.minutes,
        "kind": exercise.kind,
        "lacks": _lacks(exercise),
        "provides": list(exercise.provides),
        "file": str(file),
        "context": learner.workspace.context_of(file),
        "status": exercise_status(history, exercise),
        "passed": log.passed,
        "attempts": log.attempts,
        "hints": max(0, len(exercise.hints) - log.hints_now),
        "touched": _touched(learner, exercise, file),
        "lesson": str(learner.workspace.lesson_for(unit)),
        "lesson_opened": unit.id in history.lessons,
        "unit": _unit_json(learner, unit),
    }


def _lacks(exercise: Exercise) -> list[str]:
    """The libraries of a project's set that are not installed."""
    if not exercise.is_project:
        return []
    from gradus.projects.libraries import missing_libraries

    return list(missing_libraries(exercise.libraries))


def _touched(learner: Learner, exercise: Exercise, file: Path) -> bool:
    """Whether the file holds more than what was laid out."""
    from gradus.learner.layout import exercise_text

    if exercise.is_project:
        return learner.workspace.edited(exercise, learner.workspace.context_of(file), b"") is not None
    try:
        text = file.read_bytes()
    except OSError:
        return False
    return text != exercise_text(exercise, learner.roadmap.unit(exercise.unit)).encode()


def _unit_json(learner: Learner, unit: Unit) -> Json:
    from gradus.learner.progress import unit_status

    history = learner.history()
    return {
        "id": unit.id,
        "number": unit.number,
        "title": unit.title,
        "status": unit_status(history, unit),
        "passed": sum(history.log(exercise.id).passed for exercise in unit.exercises),
        "total": len(unit.exercises),
    }


def _stage_json(learner: Learner, number: int) -> Json:
    history, stage = learner.history(), learner.roadmap.stage(number)
    return {
        "id": stage.id,
        "number": stage.number,
        "title": stage.title,
        "passed": sum(history.log(exercise.id).passed for exercise in stage.exercises),
        "total": len(stage.exercises),
    }


def lesson_json(learner: Learner, name: str | None) -> Json:
    """A unit's lesson: the workspace's copy when it is there, else the one that came with Gradus."""
    if name is None:
        exercise, _ = _current(learner)
        if exercise is None:
            raise UsageError("No unit is under way just now.", next_step="Name one; `gradus roadmap` lists them.")
        name = exercise.unit
    unit = learner.roadmap.unit(name)
    if unit.coming:
        raise UsageError(f"Unit {unit.number} {unit.title} is not written yet.", next_step="It is coming.")
    copy = learner.workspace.lesson_for(unit)
    file = copy if copy.is_file() else unit.lesson_path
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"The lesson cannot be read: {error.strerror}.", str(file)) from None
    learner.open_lesson(unit.id)
    return {"unit": unit.id, "number": unit.number, "title": unit.title, "text": text, "file": str(file)}


def checked_json(learner: Learner, exercise: Exercise, file: Path | None, verdict: Json) -> Json:
    """A verdict with what a screen shows around it. Figures are written into ``.gradus/figures/``."""
    focus = focus_json(learner, exercise, file)
    screen = {
        "title": exercise.title,
        "unit": f"{focus['unit']['number']} {focus['unit']['title']}",
        "file": focus["file"],
        "source": _source(Path(focus["file"]), verdict),
        "figures": save_figures(learner.workspace.private / "figures", exercise.id, verdict),
        "hints": focus["hints"],
        "next": learner.next().to_json() if verdict["outcome"] == "passed" else None,
        "ways": bool(exercise.ways),
        "kind": exercise.kind,
        "recorded": verdict["outcome"] != "grader_error",
        "missing": missing_layers(verdict),
        "notices": list(learner.notices),
    }
    return {"verdict": verdict, "screen": screen, "focus": focus}


def missing_layers(verdict: Mapping[str, Any]) -> list[str]:
    """The isolation layers that were not there for this check; none when no code ran at all."""
    active = verdict.get("isolation") or []
    return [layer for layer in LAYERS if layer not in active] if active else []


def screen_outside(exercise: Exercise, file: Path, source: bytes, verdict: Json) -> Json:
    """The same for a file outside any workspace: nothing is recorded, nothing is written."""
    text = None if exercise.is_project else source.decode("utf-8", "replace")
    about = {"title": exercise.title, "file": str(file), "source": text, "kind": exercise.kind}
    return {**about, "ways": False, "recorded": False, "missing": missing_layers(verdict)}


def _source(file: Path, verdict: Mapping[str, Any]) -> str | None:
    """The learner's text, where a finding points at a line of it."""
    if not any(finding.get("line") for finding in verdict.get("findings") or []):
        return None
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def save_figures(folder: Path, exercise: str, verdict: Mapping[str, Any]) -> list[str]:
    """Write the figures the learner drew; those of the last check of this exercise are replaced."""
    try:
        for old in folder.glob(f"{exercise}-*.png"):
            old.unlink()
    except OSError:
        return []
    paths = []
    for number, picture in enumerate(list(verdict.get("figures") or [])[:MOST_FIGURES], start=1):
        path = folder / f"{exercise}-{number}.png"
        try:
            body = base64.b64decode(picture, validate=True)
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        except (OSError, binascii.Error, ValueError):
            continue
        paths.append(str(path))
    return paths
