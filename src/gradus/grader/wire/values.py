"""What crosses the wire for a value that is not data itself: handles, callbacks, files, named tuples, exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Handle:
    """An object that stayed in the learner's process. ``kind`` is one of ``function``, ``class``, ``module``,
    ``object``.
    """

    id: int
    type: str
    kind: str = "object"
    name: str = ""


@dataclass(frozen=True)
class Callback:
    """A function of the judge's; the learner receives a stub that calls back."""

    id: int
    name: str


@dataclass(frozen=True)
class Path:
    """A file that exists only on the other side, sent as content; it arrives there as a ``str`` path.

    ``folder``: it is a whole folder, and the content is what :mod:`gradus.grader.placing` packed.
    """

    name: str
    content: bytes
    folder: bool = False


@dataclass(frozen=True)
class Record:
    """A named tuple, as data: the class stays where it was defined, its name, fields and values cross."""

    type: str
    fields: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ErrorValue:
    """An exception as data. ``bases`` holds the class and its bases by name: ``("ValueError", "Exception", …)``."""

    type: str
    bases: tuple[str, ...]
    message: str
