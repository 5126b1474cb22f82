"""What a runner can answer: the same few shapes for the sandboxed runner, the spawned one and the local one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

LIMITS = ("time", "memory", "output", "processes", "files", "size")
"""What a :class:`LimitHit` may name. ``files``: too much written to disk; ``size``: an answer too large to be looked
at.
"""


class RunnerFault(Exception):  # noqa: N818 - a fault of ours
    """Gradus' own side broke: a value of the judge's cannot be sent, no runner can be started. Never the learner's
    fault.
    """


@dataclass(frozen=True)
class Submission:
    """A snapshot of what the learner wrote; nothing is read from disk later.

    ``name`` is the file's name (``standardize.py``), ``siblings`` the other Python files it may import, by their path
    relative to it (``helpers.py``, ``tools/__init__.py``).
    """

    source: bytes
    name: str
    siblings: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class TraceFrame:
    """One of the learner's own frames."""

    file: str
    line: int
    function: str
    source: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A call returned. ``value`` holds plain data, and a :class:`~gradus.grader.wire.Handle` for what is not.

    ``mutated`` names the arguments that were changed in place: positions for positional ones, names for keywords.
    ``printed`` is how many bytes the learner had written to stdout, counted from the start, when the call ended;
    ``seconds`` is how long it took, as the learner's process says.
    """

    value: Any
    mutated: tuple[int | str, ...] | bool = ()
    printed: int = 0
    seconds: float = 0.0
    encoded: bytes | None = field(default=None, compare=False, repr=False)
    """The value as the wire carries it, where that is known."""


@dataclass(frozen=True, slots=True)
class RaisedError:
    """A call raised.

    ``type`` is the class's name, with its module unless it is built in; ``bases`` the same for it and all its bases,
    so ``"ValueError" in error.bases`` asks what ``except ValueError`` would. ``line`` is in the learner's own file.
    ``trace`` holds the learner's own frames, outermost first. ``details`` may hold ``module`` (it was not found),
    ``shadowed`` (a file of the learner's, named like a library, that was therefore not imported), ``blocked``
    (``network``), and for a syntax error ``file line offset end_offset text message``.
    """

    type: str
    bases: tuple[str, ...]
    message: str
    line: int | None = None
    trace: tuple[TraceFrame, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    printed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Crashed:
    """The process is gone: it ended itself, was ended by a signal, or sent what is no reply.

    ``reason`` completes "Your program …": "ended itself with exit status 0", "was stopped by a segmentation fault".
    """

    reason: str
    signal: int | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class LimitHit:
    """A limit was hit: one of :data:`LIMITS`. After ``time`` the process is gone; ``detail`` says how much was
    allowed.
    """

    kind: str
    detail: str = ""
    printed: int = 0
    seconds: float = 0.0


Reply = Returned | RaisedError | Crashed | LimitHit


@dataclass(frozen=True, slots=True)
class Defined:
    """A name that the learner's file defines.

    ``kind``: ``function``, ``class``, ``imported`` (a function or class made elsewhere), ``module``, ``value``.
    """

    name: str
    kind: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """The learner's file was loaded and defines ``names``; ``imported`` are the siblings it used, by file name."""

    names: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    defined: Mapping[str, Defined] = field(default_factory=dict)
    printed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """The learner's file did not load.

    ``kind``: ``syntax``, ``encoding``, ``null_bytes``, ``raised``, ``exited``, ``crashed``, ``limit``. ``error`` is
    the exception's type (for ``limit`` the limit's kind); ``file`` the file it happened in, which may be a sibling;
    ``text`` the source line and ``column`` the caret (from 1), for syntax errors; ``module`` the module that could
    not be imported; ``shadowed`` the learner's file that stands in a library's name and was not imported.
    """

    kind: str
    error: str = ""
    message: str = ""
    line: int | None = None
    column: int | None = None
    text: str = ""
    module: str = ""
    trace: tuple[TraceFrame, ...] = ()
    file: str = ""
    shadowed: str = ""


@dataclass(frozen=True)
class CallSpec:
    """A call for a runner: the name of a function (or its handle), and its arguments.

    ``encoded`` holds target, args and kwargs as the wire carries them, for calls that go to several runners.
    """

    target: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    encoded: bytes | None = field(default=None, compare=False, repr=False)


class Runner(Protocol):
    """One loaded submission that answers calls. Used for one check, then closed."""

    def load(self, submission: Submission) -> Loaded | Failure: ...

    def begin_load(self, submission: Submission) -> Callable[[], Loaded | Failure]:
        """Send the file now, and return what waits for it to be loaded."""
        ...

    def call_many(self, calls: Sequence[CallSpec], known: Mapping[bytes, Any] | None = None) -> Iterator[Reply]:
        """Send every call now, then yield the replies in order. After Crashed or a LimitHit that ends the process
        nothing follows.
        """
        ...

    def call(self, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply: ...

    def invoke(self, handle: Any, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply: ...

    def stdout(self, start: int = 0, stop: int | None = None) -> str: ...

    def figures(self) -> list[bytes]: ...

    def close(self) -> None: ...


Starter = Callable[[], Runner]
