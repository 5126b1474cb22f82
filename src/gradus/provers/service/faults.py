"""The faults that a service can have, each with a stable id and what a good teacher would say about it.

A probe raises :class:`Found` with a fault's id and what it saw. The message a person reads is what was seen, then the
idea that went astray and what to do instead. The texts live in ``faults.toml`` beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One fault: its stable id, a headline, the idea that went astray, and what to do instead."""

    id: str
    headline: str
    why: str


class Found(Exception):  # noqa: N818 - a finding, not an error
    """A probe saw a fault. ``seen`` says what, with the numbers; ``measured`` goes into the evidence."""

    def __init__(self, fault: str, seen: str, **measured: Any) -> None:
        super().__init__(f"{fault}: {seen}")
        self.fault = catalogue()[fault]
        self.seen = seen
        self.measured = measured

    @property
    def message(self) -> str:
        """Headline, what was seen, why it happens and what to do."""
        return f"**{self.fault.headline}** {self.seen}\n\n{self.fault.why}"


class NotApplicable(Exception):  # noqa: N818
    """The probe cannot be made here; the text says why, ``measured`` holds what is known all the same."""

    def __init__(self, why: str, **measured: Any) -> None:
        super().__init__(why)
        self.measured = measured


@cache
def catalogue() -> Mapping[str, Fault]:
    """Every fault by its id."""
    import tomllib

    found = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))
    return {name: Fault(name, entry["headline"], " ".join(entry["why"].split())) for name, entry in found.items()}
