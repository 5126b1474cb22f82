"""The road as data: stages, units, exercises, tracks, resources. Immutable, and free of input and output."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

from gradus.roadmap.folders import as_text, read_tree

# Pydantic validates these standard dataclasses at the edge (see `loading`); an unknown key in a file is an error.
_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True)
class Resource:
    """A companion from outside: what it adds, and when to use it. None is required."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """A can-do statement: what a learner can do after the unit."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    can: str


@dataclass(frozen=True)
class Choice:
    """One choice of a card, with its own explanation whether it is right or wrong."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    text: str
    correct: bool = False
    why: str = ""


@dataclass(frozen=True)
class Card:
    """A review question. Exactly one choice is correct."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    outcome: str
    question: str
    choices: tuple[Choice, ...]

    @property
    def answer(self) -> int:
        """The position of the correct choice."""
        return next(i for i, choice in enumerate(self.choices) if choice.correct)


@dataclass(frozen=True)
class Limits:
    """What one check of an exercise may use. Seconds are wall-clock time of the learner's process."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    seconds: float = 5.0
    memory_mb: int = 512
    output_kb: int = 256


@dataclass(frozen=True)
class ProjectLimits(Limits):
    """The same for the check of a project: everything that it starts together, from the first probe to the last."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    seconds: float = 60.0
    memory_mb: int = 2048
    output_kb: int = 1024


@dataclass(frozen=True)
class Equivalent:
    """A mutant that changes nothing a check could see, and why."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    mutant: str
    reason: str


@dataclass(frozen=True)
class Project:
    """A project that a stage suggests."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    title: str
    description: str


@dataclass(frozen=True)
class Milestone:
    """What ends a stage, and what Gradus will examine on the learner's own work."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    title: str
    statement: str
    probes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Track:
    """One way along the road. ``weight`` scales each stage's weeks (1.0 keeps them)."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    focus: str
    maths: str
    stack: tuple[str, ...]
    starts_with: str
    weight: dict[str, float]


@dataclass(frozen=True)
class Answer:
    """An answer to a question people ask before they start. Claims about the world carry their date."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    question: str
    answer: str
    as_of: str


@dataclass(frozen=True)
class Exercise:
    """One exercise: its files are read when asked for.

    A ``function`` is one file that is called; a ``project`` is a folder of files that is run. Where a project is read
    as text, its files stand below each other, each with its name.
    """

    id: str
    title: str
    unit: str
    stage: int
    difficulty: int
    minutes: int
    skills: tuple[str, ...]
    provides: tuple[str, ...]
    libraries: str
    limits: Limits
    equivalents: tuple[Equivalent, ...]
    folder: Path
    kind: Literal["function", "project"] = "function"

    @property
    def is_project(self) -> bool:
        return self.kind == "project"

    @property
    def starter_files(self) -> Mapping[str, bytes]:
        """What the learner receives, by file name; for a project its whole folder."""
        if self.is_project:
            return read_tree(self.folder / "starter")
        return {f"{self.id}.py": (self.folder / "starter.py").read_bytes()}

    @property
    def solution_files(self) -> Mapping[str, bytes]:
        """The reference, by file name."""
        if self.is_project:
            return read_tree(self.folder / "solution")
        return {f"{self.id}.py": self.solution_path.read_bytes()}

    @property
    def task(self) -> str:
        return self._read("task.md")

    @property
    def starter(self) -> str:
        return as_text(self.starter_files) if self.is_project else self._read("starter.py")

    @property
    def solution(self) -> str:
        if self.is_project:
            given = self.starter_files
            return as_text({name: data for name, data in self.solution_files.items() if given.get(name) != data})
        return self._read("solution.py")

    @property
    def solution_path(self) -> Path:
        return self.folder / "solution.py"

    @property
    def checks_path(self) -> Path:
        return self.folder / ("probe.py" if self.is_project else "checks.py")

    @property
    def ways(self) -> tuple[Path, ...]:
        """Other good solutions, sorted by name: files, or a project's folders."""
        if self.is_project:
            return _folders(self.folder / "ways")
        return tuple(sorted((self.folder / "ways").glob("*.py")))

    @property
    def wrong(self) -> tuple[Path, ...]:
        """Full wrong submissions, each with the message it must get, sorted by name: files, or a project's folders."""
        if self.is_project:
            return _folders(self.folder / "wrong")
        return tuple(sorted((self.folder / "wrong").glob("*.py")))

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """The three steps: nudge, idea, almost there."""
        return split_numbered(self._read("hints.md"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file of the exercise, names included."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(self.folder).as_posix()
                content = path.read_bytes()
                digest.update(f"{name}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()

    def _read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


def _folders(parent: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in parent.iterdir() if path.is_dir())) if parent.is_dir() else ()


@dataclass(frozen=True)
class Unit:
    """A unit: lesson, exercises, cards. Without exercises it is *coming* and never counts as done."""

    id: str
    number: str
    stage: int
    title: str
    summary: str
    minutes: int
    requires: tuple[str, ...]
    placement: str | None
    outcomes: tuple[Outcome, ...]
    resources: tuple[Resource, ...]
    cards: tuple[Card, ...]
    exercises: tuple[Exercise, ...]
    folder: Path

    @property
    def coming(self) -> bool:
        return not self.exercises

    @property
    def lesson_path(self) -> Path:
        return self.folder / "lesson.md"

    @property
    def cards_path(self) -> Path:
        return self.folder / "cards.py"


@dataclass(frozen=True)
class Stage:
    """One of the six stages. ``weeks`` is the roadmap's range, or None for the ongoing one."""

    id: str
    number: int
    title: str
    summary: str
    weeks: tuple[int, int] | None
    can_do: tuple[str, ...]
    milestone: Milestone
    projects: tuple[Project, ...]
    resources: tuple[Resource, ...]
    units: tuple[Unit, ...]
    folder: Path

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(exercise for unit in self.units for exercise in unit.exercises)


def split_numbered(text: str) -> tuple[str, ...]:
    """Split Markdown into the items of its top-level numbered list: ``1. …``, ``2. …``, ``3. …``."""
    items: list[list[str]] = []
    for line in text.splitlines():
        marker = f"{len(items) + 1}. "
        if line.startswith(marker):
            items.append([line.removeprefix(marker)])
        elif items:
            items[-1].append(line.removeprefix("   "))
    return tuple("\n".join(lines).strip() for lines in items)
