"""A project's folder in the workspace: laid out, read once as a whole, within bounds, and put away."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.errors import WorkspaceError
from gradus.roadmap.folders import is_passed_over

if TYPE_CHECKING:
    from gradus.learner.records import Ways
    from gradus.roadmap import Exercise, Unit

TASK = "TASK.md"
"""What is asked for, beside the learner's files. It is not part of what is handed in."""
MOST_FILES = 400
MOST_BYTES = 16 << 20
_MOST_DEPTH = 10
#: Below a unit's folder, or laid out to be solved again or as a test.
_IN_PROJECT = re.compile(r"/(?:\d+-[^/]+/\d+-[^/]+|review|placement)/[^/]+/(.+)$")
_LEFT_BEHIND = ("~", ".swp", ".swx", ".tmp", ".pyc", ".db", ".db-journal", ".db-wal", ".db-shm", ".log", ".lock")


def read_project(folder: Path, root: Path | None) -> dict[str, bytes]:
    """Every file of a project by its name within the folder, read once. What tools leave behind is passed over.

    ``root`` is the workspace, None for a folder outside any. A link is followed only to a file within the folder.

    Raises WorkspaceError when there is no such folder, it is too large, a file cannot be read, or a link leads out.
    """
    if not folder.is_dir():
        raise WorkspaceError("There is no such folder.", str(folder), "`gradus init` lays missing files again.")
    real = Path(os.path.realpath(folder))
    if root is not None and not real.is_relative_to(os.path.realpath(root)):
        raise WorkspaceError("This folder is a link that leads out of the workspace, so it was not read.", str(folder))
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for path, name in _files(real):
        if len(found) >= MOST_FILES:
            raise _too_large(folder, f"it holds more than {MOST_FILES} files")
        try:
            body = _read(path, left)
        except OSError as error:
            raise WorkspaceError(f"This file cannot be read: {error.strerror or error}.", str(folder / name)) from None
        if body is None:
            raise _too_large(folder, f"its files are larger than {MOST_BYTES >> 20} MB together, with `{name}`")
        found[name] = body
        left -= len(body)
    return dict(sorted(found.items()))


def project_names(folder: Path) -> tuple[str, ...]:
    """The names of a project's files, sorted, its task's aside; none where there is no folder."""
    try:
        return tuple(sorted(name for _, name in _files(Path(os.path.realpath(folder))))[:MOST_FILES])
    except WorkspaceError:
        return ()


def is_project_save(path: str) -> bool:
    """Whether a file that was written lies in a project's folder and is not one that tools and programs leave."""
    found = _IN_PROJECT.search(path.replace(os.sep, "/"))
    return found is not None and not is_made_by_tools(tuple(found[1].split("/")))


def is_made_by_tools(parts: tuple[str, ...]) -> bool:
    """Whether a file with these parts in its name within a project is nobody's writing: swap files, stores, logs."""
    name = parts[-1]
    return is_passed_over(parts) or name.endswith(_LEFT_BEHIND) or name.startswith((".#", "#")) or "mlruns" in parts


def _too_large(folder: Path, why: str) -> WorkspaceError:
    return WorkspaceError(
        f"The folder is too large to check: {why}.", str(folder), "Move out of it what a program makes, or remove it."
    )


def _files(folder: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    waiting: list[tuple[Path, tuple[str, ...]]] = [(folder, ())]
    while waiting:
        here, above = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError as error:
            raise WorkspaceError(f"This folder cannot be read: {error.strerror or error}.", str(here)) from None
        for entry in entries:
            parts = (*above, entry.name)
            name = "/".join(parts)
            if is_passed_over(parts) or name == TASK:
                continue
            if entry.is_dir(follow_symlinks=False):
                if len(parts) < _MOST_DEPTH:
                    waiting.append((Path(entry.path), parts))
            elif entry.is_symlink():
                target = Path(os.path.realpath(entry.path))
                if not target.is_relative_to(folder):
                    raise WorkspaceError(
                        "This is a link that leads out of the project's folder, so nothing was checked.",
                        entry.path,
                        "Replace the link by the file itself.",
                    )
                if target.is_file():
                    found.append((target, name))
            elif entry.is_file(follow_symlinks=False):
                found.append((Path(entry.path), name))
        if len(found) > MOST_FILES:
            break
    return found


def _read(path: Path, most: int) -> bytes | None:
    """A regular file's bytes, None when there are more than ``most``."""
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"):
        flags |= getattr(os, name, 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "it is not a regular file")
        body = stream.read(most + 1) if state.st_size <= most else b"-" * (most + 1)
    return body if len(body) <= most else None


def project_task(exercise: Exercise, unit: Unit | None = None) -> bytes:
    """What ``TASK.md`` holds."""
    where = f"{unit.number} {unit.title}" if unit else exercise.unit
    return (
        f"{exercise.task.strip()}\n\n---\n\n{where}, about {exercise.minutes} minutes. This folder is your project: it "
        f"is run as a whole.\n\nCheck it: `gradus check {exercise.id}`. Stuck? `gradus hint {exercise.id}`.\n"
    ).encode()


def starting_files(exercise: Exercise, unit: Unit | None = None) -> dict[str, bytes]:
    """What an exercise's file, or a project's folder, holds at first, by names in the folder that `file_for` is in."""
    from gradus.learner.layout import exercise_text

    if not exercise.is_project:
        return {f"{exercise.id}.py": exercise_text(exercise, unit).encode()}
    files = {TASK: project_task(exercise, unit), **exercise.starter_files}
    return {f"{exercise.id}/{name}": body for name, body in files.items()}


def lay_new(exercise: Exercise, unit: Unit, path: Path) -> None:
    """Lay out what an exercise begins with where ``path``, its file or folder, is to be; what is there stays."""
    from gradus.learner.layout import write_new

    for name, body in starting_files(exercise, unit).items():
        write_new(path.parent / name, body)


def lay_again(files: Mapping[str, bytes], path: Path, kept: Path) -> None:
    """Lay it out anew: a file is replaced, a folder is first put away into ``kept``."""
    from gradus.learner.layout import replace

    put_away(path, kept)
    for name, body in files.items():
        replace(path.parent / name, body)


def put_away(folder: Path, kept: Path) -> Path | None:
    """Move a project's folder into ``kept``, under a name of its own; where it is now, None if there is none."""
    if not folder.is_dir():
        return None
    kept.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        target = kept / f"{folder.name}-{number}"
        if not target.exists():
            folder.rename(target)
            return target
    raise WorkspaceError("There are too many kept copies.", str(kept), "Remove the oldest of them.")


def project_ways(exercise: Exercise) -> Ways:
    """The reference whole, and of each other way the files that differ from it."""
    from gradus.learner.records import Way, Ways
    from gradus.roadmap import ways_of
    from gradus.roadmap.folders import as_text

    shown = [Way("reference", "The reference.", exercise.solution)]
    for way in ways_of(exercise):
        shown.append(Way(way.name, way.about, as_text({name: way.files.get(name, b"") for name in way.changed})))
    return Ways(exercise.id, None, tuple(shown))
