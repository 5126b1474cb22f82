"""The learner's folder: where it is, which file belongs to which exercise, and how a submission is read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.errors import WorkspaceError
from gradus.learner.events import PLACING, REVIEWING, WORK
from gradus.learner.settings import FILE, Settings, read_settings

if TYPE_CHECKING:
    from gradus.grader import Submission
    from gradus.learner.layout import Laid
    from gradus.roadmap import Exercise, Roadmap, Unit


@dataclass(frozen=True)
class Workspace:
    """A folder with ``gradus.toml``. ``laid`` says what `create` wrote, and is None for a workspace that was found."""

    root: Path
    settings: Settings = field(default_factory=Settings)
    laid: Laid | None = field(default=None, compare=False)

    @classmethod
    def create(
        cls, folder: Path | str, roadmap: Roadmap | None = None, *, git: bool = True, notebooks: bool | None = None
    ) -> Workspace:
        """Lay out a workspace, or add to an existing one what is new. A learner's edits are never overwritten.

        ``laid.notes`` of the result are sentences to show: what was left undone and why. Raises WorkspaceError.
        """
        from gradus.learner.layout import lay_out

        if roadmap is None:
            from gradus.roadmap import load_roadmap

            roadmap = load_roadmap()
        return lay_out(Path(folder), roadmap, git=git, notebooks=notebooks)

    @classmethod
    def find(cls, start: Path | str | None = None) -> Workspace:
        """The workspace that ``start`` (default: the current folder) lies in. Raises WorkspaceError when in none."""
        here = Path(start) if start is not None else Path.cwd()
        here = here.absolute()
        for folder in (here, *here.parents):
            if (folder / FILE).is_file():
                return cls(folder.resolve(), read_settings(folder / FILE))
        raise WorkspaceError(
            "This folder is not in a Gradus workspace.", str(here), "Make one with `gradus init FOLDER`, or go into it."
        )

    @property
    def private(self) -> Path:
        """``.gradus``: the database, its backups, and evidence; not under version control."""
        return self.root / ".gradus"

    @property
    def store_path(self) -> Path:
        """The learner's database."""
        return self.private / "store.sqlite3"

    @property
    def evidence(self) -> Path:
        """Where milestones write what they measured."""
        return self.private / "evidence"

    def folder_for(self, unit: Unit) -> Path:
        """The folder of a unit."""
        return self.root / unit.folder.parent.name / unit.folder.name

    def lesson_for(self, unit: Unit) -> Path:
        """The unit's lesson as it lies in the workspace."""
        return self.folder_for(unit) / "lesson.md"

    def file_for(self, exercise: Exercise, context: str = WORK) -> Path:
        """The learner's file, or a project's folder. ``context``: ``work``, ``review`` (a re-solve), ``placement``."""
        name = exercise.id if exercise.is_project else f"{exercise.id}.py"
        if context in (REVIEWING, PLACING):
            return self.root / context / name
        unit = exercise.folder.parent
        return self.root / unit.parent.name / unit.name / name

    def edited(self, exercise: Exercise, context: str, starter: bytes) -> bytes | None:
        """What the learner has in the file, or the packed folder, or None when it is missing or still the starter."""
        from gradus.learner.snapshot import read_source

        path = self.file_for(exercise, context)
        if exercise.is_project:
            from gradus.learner.project_files import read_project

            try:
                if not path.is_dir() or read_project(path, self.root) == exercise.starter_files:
                    return None
                return self.snapshot(exercise, path).source
            except WorkspaceError:
                return None  # too large to be recorded, say; the folder itself is put away
        body = read_source(path, self.root) if path.exists() or path.is_symlink() else starter
        return None if body == starter else body

    def locate(self, path: Path | str) -> tuple[str, str] | None:
        """Which exercise id and context a path stands for by its place and name; None when by neither.

        The id is not looked up in the roadmap.
        """
        full = Path(path).absolute()
        for candidate, root in ((full, self.root), (full.resolve(), self.root.resolve())):
            if candidate.is_relative_to(root):
                parts = candidate.relative_to(root).parts
                apart = bool(parts) and parts[0] in (REVIEWING, PLACING)
                context, depth = (parts[0], 2) if apart else (WORK, 3)
                if candidate.suffix == ".py" and len(parts) == depth:
                    return candidate.stem, context
                if len(parts) >= depth and (apart or all(part[:1].isdigit() for part in parts[:2])):
                    folder = root.joinpath(*parts[:depth])
                    if folder.is_dir() and folder.name.isidentifier():
                        return folder.name, context
        return None

    def project_at(self, exercise: Exercise, path: Path) -> Path:
        """The folder of a project that ``path`` is, or lies in; ``path`` itself when it lies in none of that name."""
        if path.is_dir():
            return path
        return next((folder for folder in path.parents if folder.name == exercise.id), path)

    def context_of(self, file: Path) -> str:
        """``review`` or ``placement`` for a file laid out there, else ``work``."""
        located = self.locate(file)
        return located[1] if located else WORK

    def snapshot(self, exercise: Exercise, file: Path | str | None = None) -> Submission:
        """Read the learner's file and the Python files it might import, or a project's folder, once.

        ``file`` defaults to the exercise's own; one outside the workspace is allowed, as it was named on purpose.
        Raises WorkspaceError in words when it cannot be read.
        """
        from gradus.grader.replies import Submission
        from gradus.learner.snapshot import read_siblings, read_source

        path = Path(file).absolute() if file is not None else self.file_for(exercise)
        inside = path.is_relative_to(self.root)
        root = self.root if inside else None
        if exercise.is_project:
            from gradus.grader.projects import project_submission
            from gradus.learner.project_files import read_project

            return project_submission(read_project(self.project_at(exercise, path), root), exercise)
        source = read_source(path, root)
        folders = [path.parent]
        if inside:
            home = self.file_for(exercise).parent
            folders += [folder for folder in (home, self.root) if folder not in folders]
        siblings = read_siblings(path, tuple(folders), root)
        siblings.pop(f"{exercise.id}.py", None)  # a re-solve must not reach the first solution
        return Submission(source=source, name=path.name, siblings=siblings)
