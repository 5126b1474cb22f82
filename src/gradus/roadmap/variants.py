"""A project's ways and planted faults: each is the solution with some files replaced and some left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gradus.errors import ContentError
from gradus.roadmap.folders import read_tree
from gradus.roadmap.loading import read_model
from gradus.roadmap.models import Exercise

WAY, FAULT = "way.toml", "fault.toml"


@dataclass(frozen=True)
class WayFile:
    """``way.toml``: what is good about it, and the files of the solution that it lacks."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    good: str
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class FaultFile:
    """``fault.toml``: the diagnosis that it must get, the mistake in a sentence, and the files that it lacks."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    expects: str
    what: str
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One of them, whole. ``about`` says what is good about a way, or what the mistake is; ``expects`` is a fault's."""

    name: str
    about: str
    files: Mapping[str, bytes]
    changed: tuple[str, ...]
    expects: str = ""


def ways_of(exercise: Exercise) -> tuple[Variant, ...]:
    """The other honest projects. Raises ContentError with file, line and reason."""
    return tuple(_load(exercise, folder, WAY) for folder in exercise.ways)


def faults_of(exercise: Exercise) -> tuple[Variant, ...]:
    """The planted faults. Raises ContentError with file, line and reason."""
    return tuple(_load(exercise, folder, FAULT) for folder in exercise.wrong)


def _load(exercise: Exercise, folder: Path, name: str) -> Variant:
    path = folder / name
    told = read_model(path, WayFile) if name == WAY else read_model(path, FaultFile)
    files = dict(exercise.solution_files)
    own = read_tree(folder)
    own.pop(name, None)
    for gone in told.remove:
        if gone not in files:
            raise ContentError(f"remove: the solution has no file “{gone}”", f"{path}:1")
        if gone in own:
            raise ContentError(f"remove: “{gone}” stands in this folder, too", f"{path}:1")
        del files[gone]
    same = [file for file, data in own.items() if files.get(file) == data]
    if same:
        raise ContentError(f"{same[0]} is as in the solution; only what differs belongs here", f"{path}:1")
    if not own and not told.remove:
        raise ContentError("nothing differs from the solution", str(folder))
    files |= own
    changed = tuple(sorted({*own, *told.remove}))
    ordered = dict(sorted(files.items()))
    if isinstance(told, WayFile):
        return Variant(folder.name, told.good, ordered, changed)
    return Variant(folder.name, told.what, ordered, changed, told.expects)
