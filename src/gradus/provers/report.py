"""What one probe found: the smallest piece of evidence, shared by every prover and milestone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ProbeOutcome = Literal["passed", "failed", "not_applicable"]


@dataclass(frozen=True)
class Probe:
    """One probe: what was asked, what was measured, and what to say about it."""

    id: str
    title: str
    outcome: ProbeOutcome
    message: str
    measured: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fault(self) -> str | None:
        """The stable id of the fault that was found, if one was and it has a name."""
        fault = self.measured.get("fault")
        return str(fault) if self.outcome == "failed" and fault else None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "outcome": self.outcome,
            "message": self.message,
            "measured": dict(self.measured),
        }
