"""What a look at a project found: a fault with a name, or that it could not look. Shared by the provers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradus.provers.report import Probe


class Found(Exception):  # noqa: N818 - a finding, not an error
    """A fault with its stable id, what to say about it, and what was measured."""

    def __init__(self, fault: str, message: str, **measured: Any) -> None:
        super().__init__(message)
        self.fault, self.message, self.measured = fault, message, measured


class NotTried(Exception):  # noqa: N818 - a finding, not an error
    """The look could not be taken, and why."""

    def __init__(self, message: str, **measured: Any) -> None:
        super().__init__(message)
        self.message, self.measured = message, measured


def look(name: str, title: str, at: Callable[[], Mapping[str, Any]]) -> Probe:
    """Take one look: what it returns was measured, and what it raises was found."""
    try:
        return Probe(name, title, "passed", "", dict(at()))
    except Found as found:
        return Probe(name, title, "failed", found.message, {"fault": found.fault, **found.measured})
    except NotTried as why:
        return Probe(name, title, "not_applicable", why.message, why.measured)
