"""What a tour is made of: steps, what each came to, and whoever is shown them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner, Workspace
    from gradus.milestones.report import Probe, Report
    from gradus.roadmap import Roadmap
    from gradus.tour.aside import Aside

#: "caught": something wrong was planted, and found; "partial": as far as it could be tried here.
Outcome = Literal["done", "caught", "partial", "failed"]
Chapter = Literal["The road", "An honest model", "A deployed model", "The proof"]


@dataclass(frozen=True)
class Done:
    """What a step came to, in a sentence; ``lines`` are details, ``measured`` numbers for the record."""

    summary: str
    outcome: Outcome = "done"
    lines: tuple[str, ...] = ()
    measured: Mapping[str, Any] = field(default_factory=dict)


Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One step: ``take`` does it, tells what it is at, and returns what came of it."""

    id: str
    chapter: Chapter
    title: str
    take: Callable[[Tour, Say], Done]


class Show(Protocol):
    """Whoever watches."""

    def begin(self, step: Step) -> None:
        """A step begins."""

    def say(self, step: Step, line: str) -> None:
        """What it is at."""

    def end(self, step: Step, done: Done, seconds: float) -> None:
        """What came of it."""


@dataclass
class Tour:
    """The folder that is walked in, and what has come of it so far."""

    folder: Path
    roadmap: Roadmap
    grader: Grader
    seed: int
    engine: str
    workspace: Workspace | None = None
    learner: Learner | None = None
    report: Report | None = None
    page: Path | None = None
    aside: Aside | None = None
    """The prover that works beside the others."""
    probes: list[Probe] = field(default_factory=list)
    taken: list[tuple[Step, Done, float]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        """The service's own folder and repository."""
        return self.folder / "affairs"

    @property
    def data(self) -> Path:
        """The survey, as the learner has it."""
        return self.work.root / "affairs.csv"

    @property
    def work(self) -> Workspace:
        assert self.workspace is not None
        return self.workspace

    @property
    def who(self) -> Learner:
        assert self.learner is not None
        return self.learner
