"""The verdict: what a check found, as data. `to_json` is the command line's contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gradus.grader.replies import TraceFrame

Outcome = Literal["passed", "not_yet", "unstarted", "broken", "over_limit", "grader_error"]

#: What `gradus check` exits with.
EXIT_CODES: Mapping[str, int] = {
    "passed": 0, "not_yet": 1, "unstarted": 1, "broken": 1, "over_limit": 1, "grader_error": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Which mistake it is: a stable id and what to say about it."""

    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that did not hold, with the smallest case found that shows it.

    ``expected`` and ``actual`` are texts; ``cells`` are the positions that differ (at most some hundreds), ``line`` is
    the line of the learner's file that raised, ``trace`` the learner's part of the traceback.
    """

    check: str
    message: str
    case: str = ""
    expected: str = ""
    actual: str = ""
    line: int | None = None
    kind: str = ""
    detail: str = ""
    cells: tuple[tuple[int | str, ...], ...] = ()
    trace: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "message": self.message,
            "case": self.case,
            "expected": self.expected,
            "actual": self.actual,
            "line": self.line,
            "kind": self.kind,
            "detail": self.detail,
            "cells": [list(cell) for cell in self.cells],
            "trace": list(self.trace),
        }


@dataclass(frozen=True)
class Verdict:
    """The judgment of one submission to one exercise.

    ``figures`` and ``expected_figures`` are PNG in base64: what the learner's code drew, and, where a drawing is asked
    for, what the reference draws on the failing case. ``provenance`` maps each file that ran to its SHA-256;
    ``milliseconds`` has ``queue``, ``run`` and ``total``.
    """

    exercise: str
    outcome: Outcome
    seed: int
    source_sha256: str
    headline: str = ""
    diagnosis: Diagnosis | None = None
    findings: tuple[Finding, ...] = ()
    checks: int = 0
    cases: int = 0
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    isolation: tuple[str, ...] = ()
    stdout: str = ""
    figures: tuple[str, ...] = ()
    expected_figures: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.outcome]

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise": self.exercise,
            "outcome": self.outcome,
            "seed": self.seed,
            "source_sha256": self.source_sha256,
            "headline": self.headline,
            "diagnosis": None
            if self.diagnosis is None
            else {"id": self.diagnosis.id, "message": self.diagnosis.message},
            "findings": [finding.to_json() for finding in self.findings],
            "ran": {"checks": self.checks, "cases": self.cases},
            "milliseconds": {name: round(value, 2) for name, value in self.milliseconds.items()},
            "isolation": list(self.isolation),
            "stdout": self.stdout,
            "figures": list(self.figures),
            "expected_figures": list(self.expected_figures),
            "provenance": dict(self.provenance),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """Read what `to_json` wrote, for the other end of the host's socket."""
        diagnosis = data.get("diagnosis")
        return cls(
            exercise=data["exercise"],
            outcome=data["outcome"],
            seed=data["seed"],
            source_sha256=data["source_sha256"],
            headline=data["headline"],
            diagnosis=None if diagnosis is None else Diagnosis(diagnosis["id"], diagnosis["message"]),
            findings=tuple(_finding(item) for item in data["findings"]),
            checks=data["ran"]["checks"],
            cases=data["ran"]["cases"],
            milliseconds=dict(data["milliseconds"]),
            isolation=tuple(data["isolation"]),
            stdout=data["stdout"],
            figures=tuple(data.get("figures", ())),
            expected_figures=tuple(data.get("expected_figures", ())),
            provenance=dict(data.get("provenance", {})),
        )


#: Frames of a trace that are shown; a recursion without end has the same ones again and again.
_FRAMES = 8


def trace_texts(frames: Sequence[TraceFrame]) -> tuple[str, ...]:
    """Return the learner's own frames as lines: `standardize.py, line 4, in standardize: return X / s`."""
    lines = [
        f"{frame.file}, line {frame.line}, in {frame.function}: {frame.source.strip()}".removesuffix(": ")
        for frame in frames
    ]
    if len(lines) <= _FRAMES:
        return tuple(lines)
    return (*lines[:2], f"… {len(lines) - _FRAMES + 1} more …", *lines[3 - _FRAMES :])


def _finding(item: Mapping[str, Any]) -> Finding:
    known = {**item, "cells": tuple(tuple(cell) for cell in item.get("cells", ())), "trace": tuple(item["trace"])}
    return Finding(**known)
