"""The vocabulary of a ``checks.py``: cases, misconceptions, behaviours.

Each decorator returns a small frozen object; `gradus.checks.load` reads them off the module, so that nothing is
registered behind the author's back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import numpy as np

    from gradus.checks.compare import Comparator


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET = _Unset()


@dataclass(frozen=True)
class Call:
    """One call to make: positional and keyword arguments."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


def call(*args: Any, **kwargs: Any) -> Call:
    """A case with its arguments spelled out."""
    return Call(args, kwargs)


@dataclass(frozen=True)
class File:
    """A file among a case's arguments: the function receives the path (a ``str``) of a real file with this content."""

    name: str
    content: str | bytes

    def __post_init__(self) -> None:
        if not self.name or "/" in self.name or "\\" in self.name or self.name in (".", ".."):
            raise ValueError(f"a file's name has no folders in it: {self.name!r}")

    @property
    def data(self) -> bytes:
        return self.content.encode() if isinstance(self.content, str) else self.content


@dataclass(frozen=True)
class Folder:
    """A folder among a case's arguments: the function receives the path (a ``str``) of a real folder, a new one each
    time.

    ``files`` maps relative paths with ``/`` to content; a path that ends in ``/`` is an empty folder. ``modified`` maps
    some of the paths to seconds since 1970.
    """

    name: str
    files: Mapping[str, str | bytes]
    modified: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        File(self.name, b"")
        for path in self.files:
            if any(part in ("", ".", "..") for part in path.removesuffix("/").split("/")) or "\\" in path:
                raise ValueError(f"not a path inside a folder: {path!r}")


Driver = Callable[..., Any]


@dataclass(frozen=True)
class CaseGroup:
    """A generator of cases and how each is run and compared."""

    name: str
    make: Callable[[np.random.Generator], Iterable[Any]]
    of: str | None = None
    compare: Comparator | None = None
    run: Driver | None = None
    may_change_input: bool = False
    doc: str = ""

    def draw(self, rng: np.random.Generator) -> Iterator[Call]:
        """The cases of one attempt."""
        for case in self.make(rng):
            yield as_call(case)


def as_call(case: Any) -> Call:
    """What a case generator yielded, as a call: a tuple is several arguments, anything else is one."""
    if isinstance(case, Call):
        return case
    return Call(case) if type(case) is tuple else Call((case,))


@dataclass(frozen=True)
class Misconception:
    """An alternative wrong reference and what to say to the learner who wrote it."""

    name: str
    implementation: Callable[..., Any]
    message: str
    of: str | None = None

    @property
    def headline(self) -> str | None:
        """The first paragraph, when there are several: one short sentence about what is seen."""
        first, gap, _ = self.message.partition("\n\n")
        return " ".join(first.split()) if gap else None

    @property
    def explanation(self) -> str:
        """The message without its headline."""
        _, gap, rest = self.message.partition("\n\n")
        return rest if gap else self.message

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.implementation(*args, **kwargs)


@dataclass(frozen=True)
class Behaviour:
    """A property that must hold of the learner's work as a whole."""

    name: str
    title: str
    run: Callable[[Any, np.random.Generator], None]
    message: str = ""


@dataclass(frozen=True)
class Valid:
    """The precondition that a shrunk case must still satisfy."""

    predicate: Callable[..., bool]
    of: str | None = None


class CheckFailed(AssertionError):  # noqa: N818 - reads as what it says at the place of use
    """Raised by `fail`: a behaviour does not hold."""

    def __init__(self, headline: str, case: Any = UNSET, expected: Any = UNSET, actual: Any = UNSET) -> None:
        super().__init__(headline)
        self.headline = headline
        self.case = case
        self.expected = expected
        self.actual = actual


def fail(headline: str, *, case: Any = UNSET, expected: Any = UNSET, actual: Any = UNSET) -> None:
    """Say that a behaviour does not hold, in the learner's words, with what shows it."""
    raise CheckFailed(headline, case, expected, actual)


@overload
def cases(make: Callable[..., Iterable[Any]], /) -> CaseGroup: ...
@overload
def cases(
    *,
    of: str | None = None,
    compare: Comparator | None = None,
    run: Driver | None = None,
    may_change_input: bool = False,
) -> Callable[[Callable[..., Iterable[Any]]], CaseGroup]: ...
def cases(
    make: Callable[..., Iterable[Any]] | None = None,
    /,
    *,
    of: str | None = None,
    compare: Comparator | None = None,
    run: Driver | None = None,
    may_change_input: bool = False,
) -> Any:
    """Mark a generator of cases ``(rng) -> Iterator``: fresh for every attempt, the first failing one is shown.

    ``of`` names the provided function (default: the exercise's first). ``run(submission, *args, **kwargs)`` drives
    classes and chains of calls. ``compare`` replaces the default comparison.
    """

    def decorate(function: Callable[..., Iterable[Any]]) -> CaseGroup:
        return CaseGroup(
            function.__name__, function, of, compare, run, may_change_input, inspect.getdoc(function) or ""
        )

    return decorate if make is None else decorate(make)


def misconception(implementation: Callable[..., Any] | None = None, /, *, of: str | None = None) -> Any:
    """Mark a wrong reference (function or class); its docstring is what the learner who wrote it is told."""

    def decorate(wrong: Callable[..., Any]) -> Misconception:
        message = inspect.getdoc(wrong)
        if not message:
            raise ValueError(f"misconception {wrong.__name__} needs a docstring: it is the message")
        return Misconception(wrong.__name__, wrong, message, of)

    return decorate if implementation is None else decorate(implementation)


def behaviour(title: str) -> Callable[[Callable[[Any, np.random.Generator], None]], Behaviour]:
    """Mark a property ``(student, rng) -> None`` that asserts or calls `fail`; ``title`` says what must hold."""

    def decorate(function: Callable[[Any, np.random.Generator], None]) -> Behaviour:
        return Behaviour(function.__name__, title, function, inspect.getdoc(function) or "")

    return decorate


def valid(predicate: Callable[..., bool] | None = None, /, *, of: str | None = None) -> Any:
    """Mark the precondition ``(*args, **kwargs) -> bool`` that shrunk cases must keep."""

    def decorate(function: Callable[..., bool]) -> Valid:
        return Valid(function, of)

    return decorate if predicate is None else decorate(predicate)
