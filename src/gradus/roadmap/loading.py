"""Read ``curriculum/`` into the models, or refuse it with file, line and reason."""

from __future__ import annotations

import keyword
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, overload

from gradus.errors import ContentError, UsageError
from gradus.roadmap.locate import line_of
from gradus.roadmap.models import (
    Answer,
    Card,
    Equivalent,
    Exercise,
    Limits,
    Milestone,
    Outcome,
    Project,
    ProjectLimits,
    Resource,
    Stage,
    Track,
    Unit,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_NUMBERED = re.compile(r"^(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)$")
_EXERCISE_FILES = ("task.md", "starter.py", "solution.py", "checks.py", "hints.md")
_PROJECT_FILES = ("task.md", "probe.py", "hints.md")
T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True)
class RoadmapFile:
    """``roadmap.toml``."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    title: str
    promise: str
    stages: tuple[str, ...]
    tracks: tuple[Track, ...]
    takeaways: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class StageFile:
    """``stage.toml``. ``weeks`` is absent for a stage without an end."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    title: str
    summary: str
    milestone: Milestone
    can_do: tuple[str, ...]
    weeks: tuple[int, int] | None = None
    projects: tuple[Project, ...] = ()
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True)
class UnitFile:
    """``unit.toml``."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    title: str
    summary: str
    minutes: int
    outcomes: tuple[Outcome, ...]
    requires: tuple[str, ...] = ()
    placement: str | None = None
    resources: tuple[Resource, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class ExerciseFile:
    """``exercise.toml``."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    title: str
    difficulty: int
    minutes: int
    skills: tuple[str, ...]
    provides: tuple[str, ...]
    libraries: str = "core"
    limits: Limits = field(default_factory=Limits)
    equivalent: tuple[Equivalent, ...] = ()
    kind: Literal["function"] = "function"


@dataclass(frozen=True)
class ProjectFile:
    """``exercise.toml`` of a project: a folder of files that is run."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    kind: Literal["project"]
    title: str
    difficulty: int
    minutes: int
    skills: tuple[str, ...]
    libraries: str = "mlops"
    limits: ProjectLimits = field(default_factory=ProjectLimits)


@dataclass(frozen=True)
class Roadmap:
    """The whole road, with look-ups by name."""

    title: str
    promise: str
    stages: tuple[Stage, ...]
    tracks: tuple[Track, ...]
    takeaways: tuple[str, ...]
    answers: tuple[Answer, ...]
    folder: Path

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for stage in self.stages for unit in stage.units)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(exercise for unit in self.units for exercise in unit.exercises)

    def stage(self, number: int) -> Stage:
        """The stage with this number. Raises UsageError when there is none."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise UsageError(f"There is no stage {number}.", next_step=f"Stages are 1 to {len(self.stages)}.")

    def unit(self, name: str) -> Unit:
        """The unit with this id (``numpy``) or number (``1.2``). Raises UsageError when there is none."""
        for unit in self.units:
            if name in (unit.id, unit.number):
                return unit
        raise UsageError(f"There is no unit “{name}”.", next_step=suggest(name, (u.id for u in self.units)))

    def exercise(self, name: str) -> Exercise:
        """The exercise with this id. Raises UsageError, with the nearest id, when there is none."""
        for exercise in self.exercises:
            if exercise.id == name:
                return exercise
        raise UsageError(f"There is no exercise “{name}”.", next_step=suggest(name, (e.id for e in self.exercises)))


def suggest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known names."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else "`gradus roadmap` lists what there is."


def find_curriculum() -> Path:
    """The folder of the curriculum: ``$GRADUS_CURRICULUM``, inside the installed package, or beside ``src/``."""
    package = Path(__file__).resolve().parents[1]
    if named := os.environ.get("GRADUS_CURRICULUM"):
        if (Path(named) / "roadmap.toml").is_file():
            return Path(named).resolve()
        raise ContentError("GRADUS_CURRICULUM names a folder without roadmap.toml.", named, "Unset it, or mend it.")
    for folder in (package / "curriculum", package.parents[1] / "curriculum"):
        if (folder / "roadmap.toml").is_file():
            return folder
    raise ContentError(
        "The curriculum is missing from this installation.", str(package / "curriculum"), "Install gradus again."
    )


@cache
def load_roadmap(folder: Path | None = None) -> Roadmap:
    """Load and validate the whole curriculum. Raises ContentError with file, line and reason."""
    root = folder or find_curriculum()
    head = _read(root / "roadmap.toml", RoadmapFile)
    stages = tuple(_load_stage(root, name, number) for number, name in enumerate(head.stages, start=1))
    roadmap = Roadmap(head.title, head.promise, stages, head.tracks, head.takeaways, head.answers, root)
    _check_whole(roadmap)
    return roadmap


def read_model(path: Path, model: type[T]) -> T:
    """A TOML file as a dataclass. Raises ContentError with file, line and reason."""
    return _read(path, model)


def _load_stage(root: Path, name: str, number: int) -> Stage:
    folder = root / name
    if not _NUMBERED.match(name) or int(name.split("-", 1)[0]) != number:
        raise _error(root / "roadmap.toml", ("stages",), f"stage folder “{name}” should be named “{number}-some-name”")
    if not folder.is_dir():
        raise _error(root / "roadmap.toml", ("stages",), f"there is no folder “{name}”")
    path = folder / "stage.toml"
    raw = _read(path, StageFile)
    if raw.weeks and not 0 < raw.weeks[0] <= raw.weeks[1]:
        raise _error(path, ("weeks",), "weeks must be [fewest, most], both positive")
    folders = sorted(_numbered_folders(folder), key=lambda pair: pair[0])
    units = tuple(load_unit(sub, number, position) for position, sub in folders)
    return Stage(
        name.split("-", 1)[1],
        number,
        raw.title,
        raw.summary,
        raw.weeks,
        raw.can_do,
        raw.milestone,
        raw.projects,
        raw.resources,
        units,
        folder,
    )


def _numbered_folders(folder: Path) -> Iterable[tuple[int, Path]]:
    for sub in folder.iterdir():
        if sub.is_dir() and (match := _NUMBERED.match(sub.name)):
            yield int(match[1]), sub


def load_unit(folder: Path, stage: int, position: int) -> Unit:
    """Load one unit alone, with its exercises. Raises ContentError with file, line and reason."""
    path = folder / "unit.toml"
    raw = _read(path, UnitFile)
    unit_id = folder.name.split("-", 1)[1]
    exercises = tuple(
        load_exercise(sub, unit_id, stage)
        for sub in sorted(folder.iterdir())
        if sub.is_dir() and (sub / "exercise.toml").exists()
    )
    ordered = tuple(sorted(exercises, key=lambda exercise: (exercise.difficulty, exercise.id)))
    unit = Unit(
        unit_id,
        f"{stage}.{position}",
        stage,
        raw.title,
        raw.summary,
        raw.minutes,
        raw.requires,
        raw.placement,
        raw.outcomes,
        raw.resources,
        raw.cards,
        ordered,
        folder,
    )
    _check_unit(unit, path)
    return unit


def load_exercise(folder: Path, unit: str, stage: int) -> Exercise:
    """Load one exercise alone. Raises ContentError with file, line and reason."""
    path = folder / "exercise.toml"
    raw = _read(path, ExerciseFile, {"project": ProjectFile})
    if not folder.name.isidentifier() or keyword.iskeyword(folder.name):
        raise ContentError("an exercise's folder must be a Python name, as it names the learner's file", str(folder))
    if not 1 <= raw.difficulty <= 5:
        raise _error(path, ("difficulty",), "difficulty is 1 to 5")
    if raw.minutes <= 0:
        raise _error(path, ("minutes",), "minutes must be positive")
    is_project = isinstance(raw, ProjectFile)
    provides = () if isinstance(raw, ProjectFile) else raw.provides
    if not is_project and (not provides or not all(name.isidentifier() for name in provides)):
        raise _error(path, ("provides",), "provides must name at least one function or class")
    for name in _PROJECT_FILES if is_project else _EXERCISE_FILES:
        if not (folder / name).is_file():
            raise ContentError(f"{name} is missing", str(folder))
    for name in ("starter", "solution") if is_project else ():
        if not any(path.is_file() for path in (folder / name).rglob("*")):
            raise ContentError(f"{name}/ is missing, or holds no file", str(folder))
    exercise = Exercise(
        folder.name,
        raw.title,
        unit,
        stage,
        raw.difficulty,
        raw.minutes,
        raw.skills,
        provides,
        raw.libraries,
        raw.limits,
        () if isinstance(raw, ProjectFile) else raw.equivalent,
        folder,
        "project" if is_project else "function",
    )
    if len(exercise.hints) != 3:
        raise ContentError(f"three numbered hints are needed, found {len(exercise.hints)}", f"{folder / 'hints.md'}:1")
    return exercise


def _check_unit(unit: Unit, path: Path) -> None:
    outcomes = [outcome.id for outcome in unit.outcomes]
    _check_unique(path, "outcomes", outcomes)
    _check_unique(path, "cards", [card.id for card in unit.cards])
    if unit.placement and unit.placement not in {exercise.id for exercise in unit.exercises}:
        raise _error(path, ("placement",), f"the unit has no exercise “{unit.placement}”")
    for position, card in enumerate(unit.cards):
        if card.outcome not in outcomes:
            raise _error(path, ("cards", position, "outcome"), f"the unit has no outcome “{card.outcome}”")
        if problem := card_problem(card):
            raise _error(path, ("cards", position), f"card “{card.id}”: {problem}")
    if unit.exercises and not unit.lesson_path.is_file():
        raise ContentError("lesson.md is missing", str(unit.folder))


def card_problem(card: Card) -> str | None:
    """What is wrong with a card, or None."""
    if len(card.choices) < 2:
        return "at least two choices are needed"
    if sum(choice.correct for choice in card.choices) != 1:
        return "exactly one choice must be correct"
    if not all(choice.why.strip() for choice in card.choices):
        return "every choice needs its own explanation (why)"
    if len({choice.text for choice in card.choices}) != len(card.choices):
        return "two choices read the same"
    return None


def _check_whole(roadmap: Roadmap) -> None:
    """What only the whole road shows: names that clash, and requirements and skills that point nowhere."""
    seen: dict[str, Exercise] = {}
    for exercise in roadmap.exercises:
        if exercise.id in seen:
            raise ContentError(f"exercise id “{exercise.id}” is also {seen[exercise.id].folder}", str(exercise.folder))
        seen[exercise.id] = exercise
    earlier: set[str] = set()
    outcomes: set[str] = set()
    for unit in roadmap.units:
        path = unit.folder / "unit.toml"
        if unit.id in earlier:
            raise ContentError(f"unit id “{unit.id}” is used twice", f"{path}:1")
        for needed in unit.requires:
            if needed not in earlier:
                raise _error(path, ("requires",), f"“{needed}” is not an earlier unit")
        earlier.add(unit.id)
        outcomes.update(outcome.id for outcome in unit.outcomes)
        for exercise in unit.exercises:
            for skill in exercise.skills:
                if skill not in outcomes:
                    raise _error(exercise.folder / "exercise.toml", ("skills",), f"no outcome is called “{skill}”")


def _check_unique(path: Path, key: str, ids: list[str]) -> None:
    for position, name in enumerate(ids):
        if name in ids[:position]:
            raise _error(path, (key, position), f"“{name}” is used twice")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(model: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    if model not in _adapters:
        _adapters[model] = TypeAdapter(model)
    return _adapters[model]


@overload
def _read(path: Path, model: type[T]) -> T: ...
@overload
def _read(path: Path, model: type[T], kinds: Mapping[str, type[S]]) -> T | S: ...
def _read(path: Path, model: type[Any], kinds: Mapping[str, type[Any]] | None = None) -> Any:
    """The file as ``model``, or as the one in ``kinds`` that its key ``kind`` names."""
    from pydantic import ValidationError

    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise ContentError(f"{path.name} is missing", str(path.parent)) from None
    except UnicodeDecodeError as error:
        raise ContentError(f"not UTF-8 text: {error.reason}", str(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"not valid TOML: {error}", f"{path}:{_toml_line(str(error))}") from None
    try:
        chosen = (kinds or {}).get(str(raw.get("kind")), model)
        result = _adapter(chosen).validate_python(raw)
    except ValidationError as error:
        # A misspelled key is both unknown and missing; the unknown one is where the author must look.
        first = min(error.errors(), key=lambda problem: problem["type"] == "missing")
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ContentError(reason, f"{path}:{line_of(text, first['loc'])}") from None
    return result


def _toml_line(message: str) -> str:
    match = re.search(r"at line (\d+)", message)
    return match[1] if match else "1"


def _error(path: Path, key: tuple[str | int, ...], reason: str) -> ContentError:
    return ContentError(reason, f"{path}:{line_of(path.read_text(encoding='utf-8'), key)}")
