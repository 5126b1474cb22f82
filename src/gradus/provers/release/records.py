"""What is run of a workflow, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradus.provers.release.contexts import HEAD

#: Characters of a step's output that are kept.
MOST = 200_000


@dataclass(frozen=True)
class Step:
    """One step as it went. ``outcome`` is what happened, ``conclusion`` what it counts as."""

    job: str
    number: int
    name: str
    kind: str
    outcome: str
    conclusion: str
    status: int = 0
    output: str = ""
    script: str = ""
    why_skipped: str = ""
    programs: tuple[tuple[int, str], ...] = ()
    outside: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    released: bool = False
    fork: bool = False

    @property
    def where(self) -> str:
        """The step as a person finds it."""
        return f"step {self.number + 1} (“{self.name}”) of job “{self.job}”"

    @property
    def here(self) -> str:
        """The same at the start of a sentence."""
        return f"S{self.where[1:]}"


@dataclass(frozen=True)
class Ran:
    """A whole run of the workflow."""

    event: str
    steps: tuple[Step, ...]
    results: Mapping[str, str]
    green: bool
    production: Mapping[str, bytes]
    files: Mapping[str, bytes]
    leaked: tuple[str, ...]
    trouble: str = ""

    @property
    def failing(self) -> tuple[Step, ...]:
        """Steps that failed, whatever they count as."""
        return tuple(step for step in self.steps if step.outcome == "failure")

    @property
    def opened(self) -> frozenset[str]:
        """The files of the project that any Python process read."""
        return frozenset().union(*(step.read for step in self.steps))


@dataclass
class Plan:
    """What is run, and what is planted. ``plants``: name -> bytes, None to remove. ``released``: paths that a release
    changes; they outlive a job, as what is deployed does. ``collect``: files wanted afterwards.
    """  # fmt: skip

    files: Mapping[str, bytes]
    event: str = "push"
    plants: Mapping[str, bytes | None] = field(default_factory=dict)
    released: str = ""
    collect: tuple[str, ...] = ()
    ignore_if: frozenset[tuple[str, int]] = frozenset()
    step_seconds: float = 120.0
    sha: str = HEAD


def step_name(step: Mapping[str, Any]) -> str:
    """What a step is called on the page of a run."""
    if "name" in step:
        return str(step["name"])
    return str(step["uses"]) if "uses" in step else f"Run {str(step.get('run', '')).strip().partition(chr(10))[0][:60]}"
