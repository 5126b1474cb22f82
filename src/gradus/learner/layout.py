"""Write the workspace's files. Running it again adds what is new and never overwrites what the learner changed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.errors import WorkspaceError
from gradus.learner.project_files import starting_files
from gradus.learner.records import Record
from gradus.learner.settings import DEFAULT_TEXT, FILE, read_settings

if TYPE_CHECKING:
    from gradus.learner.workspace import Workspace
    from gradus.roadmap import Exercise, Roadmap, Unit

# A notebook is kept as its paired notebook.py: that one has readable differences.
_GITIGNORE = ".gradus/\n__pycache__/\n.ipynb_checkpoints/\nnotebook.ipynb\n"
_MANIFEST = "laid.json"
_DATA = {".csv", ".tsv", ".json", ".txt", ".npy", ".npz"}
_PICTURES = {".png", ".svg", ".jpg", ".jpeg", ".gif"}


@dataclass(frozen=True)
class Laid(Record):
    """What laying out wrote: new files, files of ours that were renewed, files of the learner's that were kept."""

    added: tuple[str, ...]
    renewed: tuple[str, ...]
    kept: tuple[str, ...]
    notes: tuple[str, ...]


def lay_out(folder: Path, roadmap: Roadmap, *, git: bool, notebooks: bool | None) -> Workspace:
    """See `Workspace.create`."""
    from gradus.learner.repository import start_repository
    from gradus.learner.workspace import Workspace

    root = _prepare(folder)
    with writing(root):
        laid, notes = _write_all(root, roadmap, notebooks)
    if git and (note := start_repository(root)):
        notes.append(note)
    report = Laid(tuple(laid.added), tuple(laid.renewed), tuple(laid.kept), tuple(notes))
    return Workspace(root, read_settings(root / FILE), report)


def _prepare(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError("There is a file of this name already.", str(folder), "Choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(f"The folder cannot be made: {error.strerror}.", str(folder)) from None
    root = folder.resolve()
    if not (root / FILE).exists():
        for above in root.parents:
            if (above / FILE).is_file():
                raise WorkspaceError(
                    f"This folder lies inside the workspace {above}.", str(root), "Choose a folder outside it."
                )
    return root


def _write_all(root: Path, roadmap: Roadmap, notebooks: bool | None) -> tuple[_Writer, list[str]]:
    writer, notes = _Writer(root), []
    writer.once(FILE, DEFAULT_TEXT.format(notebooks=str(bool(notebooks)).lower()).encode())
    wanted = read_settings(root / FILE).notebooks if notebooks is None else notebooks
    writer.once(".gitignore", _GITIGNORE.encode())
    writer.ours("README.md", _readme(roadmap).encode())
    for unit in roadmap.units:
        if not unit.coming:
            for name, body in _unit_files(unit):
                writer.ours(name, body)
    if wanted:
        notes += _write_notebooks(writer, roadmap)
    writer.close()
    notes += [f"{name} leads out of the workspace, so it was left alone." for name in writer.refused]
    return writer, notes


def _write_notebooks(writer: _Writer, roadmap: Roadmap) -> list[str]:
    from gradus.learner.notebooks import notebook_files

    try:
        for unit in roadmap.units:
            if not unit.coming:
                for name, body in notebook_files(unit):
                    writer.ours(f"{_place(unit)}/{name}", body)
    except WorkspaceError as error:  # without jupytext everything else still works
        return [str(error)]
    return []


def _place(unit: Unit) -> str:
    return f"{unit.folder.parent.name}/{unit.folder.name}"


def _unit_files(unit: Unit) -> Iterator[tuple[str, bytes]]:
    place = _place(unit)
    if unit.lesson_path.is_file():
        yield f"{place}/lesson.md", unit.lesson_path.read_bytes()
    for picture in _files(unit.folder / "figures", _PICTURES):
        yield f"{place}/figures/{picture.name}", picture.read_bytes()
    for data in _files(unit.folder, _DATA):
        yield f"{place}/{data.name}", data.read_bytes()
    for exercise in unit.exercises:
        for name, body in starting_files(exercise, unit).items():
            yield f"{place}/{name}", body
        if exercise.is_project:
            continue
        for data in _files(exercise.folder, _DATA):
            yield f"{place}/{data.name}", data.read_bytes()


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes and path.is_file())


def exercise_text(exercise: Exercise, unit: Unit | None = None) -> str:
    """What the learner's file holds at first: the task as comments, then the starter.

    Comments, not a docstring: a task may hold backslashes and quotes, and the starter may begin with a docstring or a
    ``from __future__`` import of its own.
    """
    where = f"{unit.number} {unit.title}" if unit else exercise.unit
    head = [
        f"{exercise.title}  ({where}, about {exercise.minutes} minutes)",
        "",
        *exercise.task.strip().splitlines(),
        "",
        f"Check it: gradus check {exercise.id}     Stuck? gradus hint {exercise.id}",
    ]
    return "".join(f"# {line}".rstrip() + "\n" for line in head) + "\n" + exercise.starter.lstrip("\n")


def _readme(roadmap: Roadmap) -> str:
    first = next((unit for unit in roadmap.units if not unit.coming), None)
    start = f"Begin with [{first.title}]({_place(first)}/lesson.md).\n" if first else ""
    lines = []
    for stage in roadmap.stages:
        lines.append(f"\n### Stage {stage.number}: {stage.title}\n\n")
        for unit in stage.units:
            name = f"{unit.title} (coming)" if unit.coming else f"[{unit.title}]({_place(unit)}/lesson.md)"
            lines.append(f"- {unit.number} {name}\n")
        lines.append(f"- Milestone: {stage.milestone.statement}\n")
    return (
        f"# {roadmap.title}\n\n"
        "Your own workspace. Every file here is yours to change; Gradus runs what you wrote and says what it saw.\n\n"
        f"## What to do next\n\n{start}\n"
        "```\n"
        "gradus next              what to do now\n"
        "gradus watch             save a file, see its verdict\n"
        "gradus check EXERCISE    one verdict\n"
        "gradus hint EXERCISE     a nudge, then an idea, then almost there\n"
        "gradus progress          where you stand\n"
        "```\n\n"
        "Each exercise is one `.py` file beside its lesson, with the task at its top, or a folder with its\n"
        "`TASK.md`. What you did is remembered in `.gradus/`; `gradus export` writes all of it to one file.\n\n"
        f"## The road\n{''.join(lines)}"
    )


class _Writer:
    """Writes files under ``root`` and remembers, in a manifest, what it wrote: a file that differs is the learner's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.added: list[str] = []
        self.renewed: list[str] = []
        self.kept: list[str] = []
        self.refused: list[str] = []
        self._manifest = root / ".gradus" / _MANIFEST
        self._laid = _read_manifest(self._manifest)

    def once(self, name: str, body: bytes) -> None:
        """Write a file that belongs to the learner from then on."""
        if self._allowed(name) and write_new(self.root / name, body):
            self.added.append(name)

    def ours(self, name: str, body: bytes) -> None:
        """Write a file, or renew it if the learner has left it as it was laid."""
        if not self._allowed(name):
            return
        path, digest = self.root / name, hashlib.sha256(body).hexdigest()
        if write_new(path, body):
            self.added.append(name)
        else:
            now = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            if now == digest:
                pass
            elif now == self._laid.get(name):
                replace(path, body)
                self.renewed.append(name)
            else:
                self.kept.append(name)
                return
        self._laid[name] = digest

    def _allowed(self, name: str) -> bool:
        path = self.root / name
        if path.is_symlink() or not Path(os.path.realpath(path.parent)).is_relative_to(self.root):
            self.refused.append(name)
            return False
        return True

    def close(self) -> None:
        """Save the manifest."""
        self._manifest.parent.mkdir(parents=True, exist_ok=True)
        replace(self._manifest, json.dumps(self._laid, indent=0, sort_keys=True).encode())


def _read_manifest(path: Path) -> dict[str, str]:
    """What was laid, or nothing when that is unknown: then every file that differs counts as the learner's."""
    try:
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in raw.items()} if isinstance(raw, dict) else {}


def write_new(path: Path, body: bytes) -> bool:
    """Write ``path`` unless something of that name exists; say whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as stream:
            stream.write(body)
    except FileExistsError:
        return False
    return True


def replace(path: Path, body: bytes) -> None:
    """Put ``body`` in the place of ``path`` in one step: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turn a file that cannot be written into a sentence."""
    try:
        yield
    except OSError as error:
        raise WorkspaceError(
            f"This file cannot be written: {error.strerror or error}.",
            str(error.filename or root),
            "Check that the workspace may be written to and that the disk has space.",
        ) from None
