"""The exercise page: task, editor, verdict, help, ways, history."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gradus.errors import UsageError, WorkspaceError
from gradus.learner import Hint
from gradus.learner.editing import Draft, read_draft
from gradus.learner.events import PLACING, REVIEWING, WORK
from gradus.learner.project_files import project_names
from gradus.learner.records import Record
from gradus.projects.libraries import missing_libraries
from gradus.roadmap.folders import is_passed_over
from gradus.web.pages.common import exercise_url

if TYPE_CHECKING:
    from pathlib import Path

    from gradus.grader import Grader
    from gradus.learner import Learner
    from gradus.roadmap import Exercise
    from gradus.web.views import Views

CONTEXTS = (WORK, REVIEWING, PLACING)
_PART = re.compile(r"(?!\.\.?$)[\w.][\w.\- ]{0,80}")  # of a new file's name: no way up, nothing hidden from the eye
_EXAMPLE = re.compile(r"^>>> (.*)$(?:\n\.\.\. (.*)$)*", re.MULTILINE)


@dataclass(frozen=True)
class ExercisePage(Record):
    """``scratch`` is a line to try, from the task's own example; ``before`` and ``after`` are the neighbors."""

    id: str
    title: str
    task: str
    unit: str
    unit_number: str
    unit_title: str
    stage: int
    difficulty: int
    minutes: int
    provides: tuple[str, ...]
    status: str
    attempts: int
    passed: bool
    finished: bool
    context: str
    file: str
    draft: Draft
    scratch: str
    hints: tuple[Hint, ...]
    hints_left: int
    solution_open: bool
    can: tuple[str, ...]
    limits: str
    place: tuple[int, int]
    before: str | None
    after: str | None
    last_outcome: str | None
    touched: bool
    kind: str = "function"
    files: tuple[str, ...] = ()
    name: str = ""
    """Of a project: its files, and the one in the editor."""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past(Record):
    """One thing in the history of an exercise: an attempt, or a reset that kept the old work."""

    id: str
    kind: str
    at: datetime
    outcome: str
    headline: str
    diagnosis: str | None
    context: str
    has_source: bool


def find_exercise(
    learner: Learner, name: str, context: str | None, file: str | None = None
) -> tuple[Exercise, str, Path]:
    """An exercise, a context and its file there; of a project the one called ``file``, its first without a name.

    Raises UsageError for an unknown name or context, and for a file's name that leads out of the project.
    """
    exercise = learner.roadmap.exercise(name)
    chosen = context or WORK
    if chosen not in CONTEXTS:
        raise UsageError(f"“{chosen}” is no place for an exercise.", next_step=f"Use one of {', '.join(CONTEXTS)}.")
    path = learner.workspace.file_for(exercise, chosen)
    return exercise, chosen, path / _chosen(exercise, path, file) if exercise.is_project else path


def _chosen(exercise: Exercise, folder: Path, name: str | None) -> str:
    names = project_names(folder) or tuple(exercise.starter_files)
    if not name:
        programs = [known for known in names if known.endswith(".py")]
        return (programs or names)[0]
    parts = name.split("/")
    if name in names or (not is_passed_over(tuple(parts)) and all(_PART.fullmatch(part) for part in parts)):
        return name
    raise UsageError(f"“{name[:80]}” is no name for a file of this project.", exercise.id)


def exercise_page(views: Views, name: str, context: str | None, chosen_file: str | None = None) -> ExercisePage:
    """The page of one exercise. Raises UsageError for an unknown one, WorkspaceError when its file cannot be read."""
    from gradus.learner.layout import exercise_text
    from gradus.learner.progress import exercise_status

    learner = views.learner
    exercise, chosen, file = find_exercise(learner, name, context, chosen_file)
    unit = views.roadmap.unit(exercise.unit)
    history = views.history()
    log = history.log(exercise.id)
    draft = _project_draft(learner, file) if exercise.is_project else read_draft(learner.workspace, file)
    folder = learner.workspace.file_for(exercise, chosen)
    standing = next(e for s in views.progress().stages for u in s.units for e in u.exercises if e.id == exercise.id)
    at = unit.exercises.index(exercise)
    taken = min(log.hints_now, len(exercise.hints))
    cans = {outcome.id: outcome.can for known in views.roadmap.units for outcome in known.outcomes}
    return ExercisePage(
        exercise.id,
        exercise.title,
        exercise.task,
        unit.id,
        unit.number,
        unit.title,
        unit.stage,
        exercise.difficulty,
        exercise.minutes,
        exercise.provides,
        standing.status if chosen == WORK else exercise_status(history, exercise),
        log.attempts,
        log.passed,
        log.finished,
        chosen,
        str(file.relative_to(learner.workspace.root)),
        draft,
        example(exercise.task),
        tuple(
            Hint(exercise.id, level, exercise.hints[level - 1], len(exercise.hints) - level)
            for level in range(1, taken + 1)
        ),
        len(exercise.hints) - taken,
        log.finished or taken >= len(exercise.hints),
        tuple(cans[skill] for skill in exercise.skills if skill in cans),
        _limits(exercise),
        (at + 1, len(unit.exercises)),
        exercise_url(unit.exercises[at - 1].id) if at else f"/unit/{unit.id}",
        exercise_url(unit.exercises[at + 1].id) if at + 1 < len(unit.exercises) else None,
        log.last_outcome,
        bool(draft.version) and not exercise.is_project and draft.source != exercise_text(exercise, unit),
        exercise.kind,
        project_names(folder) if exercise.is_project else (),
        file.relative_to(folder).as_posix() if exercise.is_project else "",
        missing_libraries(exercise.libraries) if exercise.is_project else (),
    )


def _project_draft(learner: Learner, file: Path) -> Draft:
    """A project's file; one that no editor can show is named as such instead of refused."""
    try:
        return read_draft(learner.workspace, file)
    except WorkspaceError as error:
        return Draft(file, "", "", True, f"{error.what} It is only listed here.")


def _limits(exercise: Exercise) -> str:
    limits = exercise.limits
    return f"{limits.seconds:g} seconds, {limits.memory_mb} MB of memory and {limits.output_kb} KB of prints"


def example(task: str) -> str:
    """The first example of the task as a line to try: ``standardize(np.array([[1, 10], [3, 10]]))``."""
    calls = [match[0] for match in _EXAMPLE.finditer(task)]
    lines = [line[4:] for call in calls[:3] for line in call.split("\n")]
    return "\n".join(lines)


@dataclass(frozen=True)
class Checked(Record):
    """What an exercise's checks look at. ``known_mistakes`` counts the wrong ideas that are told apart by name."""

    inputs: tuple[str, ...]
    properties: tuple[str, ...]
    known_mistakes: int


def what_is_checked(exercise: Exercise, grader: Grader) -> Checked:
    """The kinds of inputs and the properties that must hold, in the authors' words; never the inputs themselves."""
    if exercise.is_project:
        probes = grader.projects.probes(exercise)
        return Checked((), tuple(f"It {probe.title}." for probe in probes.probes), len(probes.mistakes))
    checks = grader.checks(exercise)
    inputs = tuple(
        f"{_first(group.doc) or _words(group.name)}, for `{group.of or checks.default_name}`"
        for group in checks.case_groups
    )
    return Checked(inputs, tuple(row.title for row in checks.behaviours), len(checks.misconceptions))


def _words(name: str) -> str:
    return name.replace("_", " ")


def past(views: Views, exercise: str) -> tuple[Past, ...]:
    """The exercise's attempts and resets, latest first."""
    rows = []
    for when, event in reversed(views.history().times):
        if event.subject == exercise and event.kind in ("attempt", "reset"):
            data = event.data
            headline = str(data.get("headline") or "")
            rows.append(
                Past(
                    event.id,
                    event.kind,
                    when,
                    str(data.get("outcome") or ""),
                    headline if event.kind == "attempt" else "Put back to the start; this is what stood there.",
                    data.get("diagnosis"),
                    str(data.get("context") or WORK),
                    event.source is not None,
                )
            )
    return tuple(rows)


def _first(doc: str) -> str:
    return doc.strip().partition("\n")[0].rstrip(".")
