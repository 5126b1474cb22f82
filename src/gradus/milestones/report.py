"""What a milestone's examination found, and the evidence file it leaves."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from gradus.provers.report import Probe, ProbeOutcome

__all__ = ["Outcome", "Probe", "ProbeOutcome", "Report", "environment", "now", "sha256", "write_evidence"]

Outcome = Literal["verified", "partial", "unverified"]


@dataclass(frozen=True)
class Report:
    """The whole examination of one stage's milestone."""

    stage: int
    title: str
    probes: tuple[Probe, ...]
    files: Mapping[str, str]
    seed: int
    isolation: tuple[str, ...]
    when: str
    evidence: Path | None = None
    page: Path | None = None
    """A page with plots that a person can show."""

    @property
    def outcome(self) -> Outcome:
        """Verified when every probe passed; partial when one did not apply; unverified when one failed or none ran."""
        outcomes = [probe.outcome for probe in self.probes]
        if not outcomes or "failed" in outcomes or "passed" not in outcomes:
            return "unverified"
        return "partial" if "not_applicable" in outcomes else "verified"

    def with_evidence(self, path: Path, page: Path | None = None) -> Report:
        """The same report, with the file that holds it, and the page that shows it."""
        return replace(self, evidence=path, page=page)

    def to_json(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "title": self.title,
            "outcome": self.outcome,
            "when": self.when,
            "seed": self.seed,
            "files": dict(self.files),
            "isolation": list(self.isolation),
            "environment": environment(),
            "probes": [probe.to_json() for probe in self.probes],
            "evidence": str(self.evidence) if self.evidence else None,
            "page": str(self.page) if self.page else None,
        }


def now() -> str:
    """The present moment in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def sha256(content: bytes) -> str:
    """The hash that identifies a file in evidence."""
    return hashlib.sha256(content).hexdigest()


def environment(packages: Sequence[str] = ("numpy", "pandas", "scikit-learn", "matplotlib")) -> dict[str, str]:
    """The versions that the measurements depend on."""
    from importlib.metadata import version

    import gradus

    found = {"gradus": gradus.__version__, "python": platform.python_version(), "platform": platform.platform()}
    return found | {name: version(name) for name in packages}


def write_evidence(report: Report, folder: Path) -> Path:
    """Write the report as JSON into ``folder``, whole or not at all, and return its path.

    The file's name holds the moment, so that earlier evidence is never overwritten.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"stage-{report.stage}-{report.when.replace(':', '').replace('+0000', 'Z')}"
    path = folder / f"{stem}.json"
    for number in range(2, 1000):
        if not path.exists():
            break
        path = folder / f"{stem}-{number}.json"
    text = json.dumps(report.to_json() | {"evidence": str(path)}, indent=2, ensure_ascii=False) + "\n"
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    return path
