"""The one family of errors a user can meet: what happened, where, and what to do next."""

from __future__ import annotations


class GradusError(Exception):
    """Something a person should read. Front doors render it; nothing else formats it.

    ``what`` says what happened, ``where`` names the file, line or field, ``next_step`` says what to do.
    """

    def __init__(self, what: str, where: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.next_step:
            parts.append(self.next_step)
        return " ".join(parts)


class ContentError(GradusError):
    """A file of the curriculum is malformed."""


class WorkspaceError(GradusError):
    """The learner's folder is missing, damaged, or not where it was looked for."""


class StoreError(GradusError):
    """The learner's database cannot be read or written."""


class UsageError(GradusError):
    """The request names something that does not exist or cannot be done."""


class HostError(GradusError):
    """The grader's background process cannot be started or does not answer."""
