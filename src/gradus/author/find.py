"""Find exercises and units on disk one by one, so that one malformed folder does not hide the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.author.examine import content_error, placed
from gradus.author.proofs import Problem
from gradus.errors import ContentError, UsageError
from gradus.roadmap import Exercise, find_curriculum, load_exercise, suggest

_NUMBERED = re.compile(r"^(\d+)-(.+)$")


@dataclass(frozen=True)
class Found:
    """An exercise's folder, and the exercise or why it could not be loaded."""

    id: str
    folder: Path
    exercise: Exercise | None = None
    problem: Problem | None = None


def find_exercises(names: Sequence[str] = (), curriculum: Path | None = None) -> list[Found]:
    """The exercises called ``names`` (also unit ids, or ``STAGE.UNIT`` numbers; all when there are none).

    Raises UsageError for a name that is nothing.
    """
    folders = list(_exercise_folders(curriculum or find_curriculum()))
    wanted: list[tuple[Path, str, int]] = []
    for name in names:
        matching = [entry for entry in folders if name in _names_of(entry)]
        if not matching:
            known = {known for entry in folders for known in _names_of(entry)}
            raise UsageError(f"There is no exercise or unit “{name}”.", next_step=suggest(name, sorted(known)))
        wanted += matching
    return [_load(*entry) for entry in dict.fromkeys(wanted if names else folders)]


def _exercise_folders(curriculum: Path) -> Iterator[tuple[Path, str, int]]:
    for stage in _numbered(curriculum):
        for unit in _numbered(stage):
            for folder in sorted(unit.iterdir()):
                if (folder / "exercise.toml").is_file():
                    yield folder, _bare(unit), _number(stage)


def _names_of(entry: tuple[Path, str, int]) -> set[str]:
    folder, unit, stage = entry
    return {folder.name, unit, f"{stage}.{_number(folder.parent)}", str(stage)}


def _load(folder: Path, unit: str, stage: int) -> Found:
    try:
        return Found(folder.name, folder, load_exercise(folder, unit, stage))
    except ContentError as error:
        return Found(folder.name, folder, problem=placed(content_error(error, folder), folder))


def unit_folders(names: Sequence[str] = (), curriculum: Path | None = None) -> list[Path]:
    """The folders of the units called ``names`` (ids or ``STAGE.UNIT``), or of all that have a lesson.

    Raises UsageError for a name that is nothing.
    """
    folders = [unit for stage in _numbered(curriculum or find_curriculum()) for unit in _numbered(stage)]
    if not names:
        return [folder for folder in folders if (folder / "lesson.md").is_file()]
    by_name = {_bare(folder): folder for folder in folders}
    by_name |= {f"{_number(folder.parent)}.{_number(folder)}": folder for folder in folders}
    for name in names:
        if name not in by_name:
            raise UsageError(f"There is no unit “{name}”.", next_step=suggest(name, sorted(by_name)))
    return list(dict.fromkeys(by_name[name] for name in names))


def _numbered(folder: Path) -> list[Path]:
    subs = [sub for sub in folder.iterdir() if sub.is_dir() and _NUMBERED.match(sub.name)]
    return sorted(subs, key=_number)


def _number(folder: Path) -> int:
    match = _NUMBERED.match(folder.name)
    return int(match[1]) if match else 0


def _bare(folder: Path) -> str:
    match = _NUMBERED.match(folder.name)
    return match[2] if match else folder.name
