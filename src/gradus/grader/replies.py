"""What a runner can answer: the same few shapes for the sandboxed runner, the spawned one and the local one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Submission:
    """A snapshot of what the learner wrote; nothing is read from disk later.

    ``name`` is the file's name (``standardize.py``), ``siblings`` the other Python files it may import, by name.
    """

    source: bytes
    name: str
    siblings: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """A call returned. ``mutated``: it changed one of its arguments in place."""

    value: Any
    mutated: bool = False


@dataclass(frozen=True, slots=True)
class RaisedError:
    """A call raised. ``mro`` holds qualified names, built-in ones bare; ``line`` is in the learner's own file."""

    type: str
    mro: tuple[str, ...]
    message: str
    line: int | None = None
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crashed:
    """The process is gone: it ended itself, was ended by a signal, or sent what is no reply."""

    reason: str


@dataclass(frozen=True, slots=True)
class LimitHit:
    """A limit was hit: ``time``, ``memory``, ``output``, ``processes``, ``size`` (of an answer)."""

    kind: str


Reply = Returned | RaisedError | Crashed | LimitHit


@dataclass(frozen=True, slots=True)
class Loaded:
    """The learner's file was loaded and defines ``names``; ``imported`` are the siblings it used, by name."""

    names: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The learner's file did not load.

    ``kind``: ``syntax``, ``encoding``, ``null_bytes``, ``raised``, ``exited``, ``crashed``, ``limit``.
    ``error`` is the exception's type; ``text`` the source line and ``column`` the caret, for syntax errors;
    ``module`` the module that could not be imported.
    """

    kind: str
    error: str = ""
    message: str = ""
    line: int | None = None
    column: int | None = None
    text: str = ""
    module: str = ""
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallSpec:
    """A call for a runner: the name of a function, and its arguments, encoded once for all runners."""

    target: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


class Runner(Protocol):
    """One loaded submission that answers calls. Used for one check, then closed."""

    def load(self, submission: Submission) -> Loaded | Failure: ...

    def call_many(self, calls: Sequence[CallSpec]) -> Iterator[Reply]:
        """Send every call, then yield the replies in order. After Crashed or LimitHit nothing follows."""
        ...

    def call(self, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply: ...

    def invoke(self, handle: Any, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply: ...

    def stdout(self) -> str: ...

    def figures(self) -> list[bytes]: ...

    def close(self) -> None: ...


Starter = Callable[[], Runner]
