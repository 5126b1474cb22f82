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
        """The learner's file. ``context``: ``work``, ``review`` (a re-solve) or ``placement``."""
        if context in (REVIEWING, PLACING):
            return self.root / context / f"{exercise.id}.py"
        unit = exercise.folder.parent
        return self.root / unit.parent.name / unit.name / f"{exercise.id}.py"

    def edited(self, exercise: Exercise, context: str, starter: bytes) -> bytes | None:
        """What the learner has in the file, or None when it is missing or still the starter."""
        from gradus.learner.snapshot import read_source

        path = self.file_for(exercise, context)
        body = read_source(path, self.root) if path.exists() or path.is_symlink() else starter
        return None if body == starter else body

    def locate(self, path: Path | str) -> tuple[str, str] | None:
        """Which exercise id and context a path stands for by its place and name; None when by neither.

        The id is not looked up in the roadmap.
        """
        full = Path(path).absolute()
        for candidate, root in ((full, self.root), (full.resolve(), self.root.resolve())):
            if candidate.suffix == ".py" and candidate.is_relative_to(root):
                parts = candidate.relative_to(root).parts
                if len(parts) == 2 and parts[0] in (REVIEWING, PLACING):
                    return candidate.stem, parts[0]
                if len(parts) == 3:
                    return candidate.stem, WORK
        return None

    def context_of(self, file: Path) -> str:
        """``review`` or ``placement`` for a file laid out there, else ``work``."""
        located = self.locate(file)
        return located[1] if located else WORK

    def snapshot(self, exercise: Exercise, file: Path | str | None = None) -> Submission:
        """Read the learner's file and the Python files it might import, once.

        ``file`` defaults to the exercise's own; one outside the workspace is allowed, as it was named on purpose.
        Raises WorkspaceError in words when it cannot be read.
        """
        from gradus.grader.replies import Submission
        from gradus.learner.snapshot import read_siblings, read_source

        path = Path(file).absolute() if file is not None else self.file_for(exercise)
        inside = path.is_relative_to(self.root)
        root = self.root if inside else None
        source = read_source(path, root)
        folders = [path.parent]
        if inside:
            home = self.file_for(exercise).parent
            folders += [folder for folder in (home, self.root) if folder not in folders]
        siblings = read_siblings(path, tuple(folders), root)
        siblings.pop(f"{exercise.id}.py", None)  # a re-solve must not reach the first solution
        return Submission(source=source, name=path.name, siblings=siblings)
