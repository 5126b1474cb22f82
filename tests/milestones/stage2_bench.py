"""What the tests of milestone 2 share: a workspace, and a way to have a project examined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.milestones import Probe, Report, prove
from tests.milestones.stage2_data import as_csv
from tests.milestones.stage2_honest import Project


class Enough(Exception):  # noqa: N818
    """Stops an examination at the first failure: the rest of it is not looked at."""


@dataclass
class Examiner:
    """Lays a project's files into a folder and has them examined."""

    grader: Grader
    workspace: Workspace
    folder: Path

    def lay(self, project: Project) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "milestone.py").write_text(project.source)
        (self.folder / "claims.toml").write_text(project.toml)
        (self.folder / "data.csv").write_bytes(as_csv(project.make))
        return self.folder / "milestone.py"

    def prove(self, file: Path, seed: int = 1, progress: Callable[[Probe], None] | None = None) -> Report:
        return prove(2, self.workspace, grader=self.grader, file=file, seed=seed, progress=progress)

    def examine(self, project: Project, seed: int = 1) -> Report:
        return self.prove(self.lay(project), seed)

    def first_failure(self, project: Project, seed: int = 1) -> Probe | None:
        failed: list[Probe] = []

        def progress(probe: Probe) -> None:
            if probe.outcome == "failed":
                failed.append(probe)
                raise Enough

        try:
            self.prove(self.lay(project), seed, progress)
        except Enough:
            pass
        return failed[0] if failed else None
