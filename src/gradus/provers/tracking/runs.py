"""A tracked run, whoever tracked it: what it says about itself, and the files that it kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class Unreadable(Exception):  # noqa: N818 - a finding, not an error
    """The store is not there or cannot be read; the message says why, to the learner."""

    def __init__(self, message: str, fault: str = "store_unreadable") -> None:
        super().__init__(message)
        self.message, self.fault = message, fault


@dataclass(frozen=True)
class Value:
    """One logged value of a metric."""

    step: int
    value: float


@dataclass(frozen=True)
class Artifact:
    """A file that a run kept: under which name, and the file itself or (W&B) only its MD5 in base 64."""

    name: str
    file: Path | None = None
    md5: str = ""

    def holds(self, content: bytes) -> bool:
        """Whether it is these bytes."""
        if self.file is not None:
            return self.file.is_file() and self.file.read_bytes() == content
        return self.md5 == base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


@dataclass(frozen=True)
class Version:
    """A registered version that names a run as its origin."""

    model: str
    version: str
    run: str


@dataclass(frozen=True)
class Run:
    """One run. ``said`` holds tags, parameters and configuration as text; ``history`` every value of each metric."""

    id: str
    status: str
    said: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    group: str = ""
    """The experiment or project: runs of one group were compared with each other."""
    places: int = 1
    """How many records of the store bear this id."""

    @property
    def finished(self) -> bool:
        return self.status == "FINISHED"

    @property
    def revision(self) -> str:
        """The commit that it says it was made of, if it does."""
        for name in ("revision", "git_revision", "git_commit", "mlflow.source.git.commit"):
            if self.said.get(name):
                return self.said[name]
        return ""

    def hash_of(self, path: str) -> tuple[str, str] | None:
        """The algorithm and the hexadecimal hash that it recorded for a file."""
        for algorithm in ("sha256", "md5"):
            if value := self.said.get(f"{algorithm}/{path}"):
                return algorithm, value.strip().lower()
        return None


@dataclass(frozen=True)
class Store:
    """Everything that was tracked."""

    kind: str
    runs: tuple[Run, ...]
    versions: tuple[Version, ...] = ()

    def find(self, name: str) -> Run | None:
        return next((run for run in self.runs if run.id == name), None)

    def rivals(self, run: Run) -> tuple[Run, ...]:
        """The finished runs of its group, itself included."""
        return tuple(other for other in self.runs if other.group == run.group and other.finished)
