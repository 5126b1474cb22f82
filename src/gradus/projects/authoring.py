"""The vocabulary of a ``probe.py``: probes, mistakes, and how a probe says what does not hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, overload

from gradus.errors import ContentError

if TYPE_CHECKING:
    import numpy as np

    from gradus.projects.workbench import Workbench

Run = Callable[["Workbench", "np.random.Generator"], None]


def _split(message: str) -> tuple[str, str]:
    first, _gap, rest = message.partition("\n\n")
    return " ".join(first.split()), rest.strip()


@dataclass(frozen=True)
class Mistake:
    """A known wrong idea: its first paragraph says what is seen, the rest which idea went astray and what to do."""

    name: str
    message: str

    @property
    def headline(self) -> str:
        return _split(self.message)[0]

    @property
    def explanation(self) -> str:
        return _split(self.message)[1]


@dataclass(frozen=True)
class Probe:
    """One thing that is tried. ``title`` completes “it …”; the docstring is a message like a mistake's."""

    name: str
    title: str
    run: Run
    message: str

    @property
    def headline(self) -> str:
        return _split(self.message)[0] or f"This does not hold: {self.title}."

    @property
    def explanation(self) -> str:
        return _split(self.message)[1]


class CheckFailed(Exception):  # noqa: N818 - raised by `fail`
    """What a probe found. ``mistake`` is known, or None for the probe itself."""

    def __init__(self, mistake: Mistake | None, headline: str, case: str, expected: str, actual: str) -> None:
        super().__init__(headline)
        self.mistake = mistake
        self.headline = headline
        self.case = case
        self.expected = expected
        self.actual = actual


def mistake(function: Callable[[], object]) -> Mistake:
    """Declare a known mistake: the function's name is its id, its docstring what the learner is told."""
    return Mistake(function.__name__, inspect.getdoc(function) or "")


def probe(title: str) -> Callable[[Run], Probe]:
    """Declare a probe, `(work, rng) -> None`. They run in the order they stand in; the first that fails decides."""

    def declare(function: Run) -> Probe:
        return Probe(function.__name__, title, function, inspect.getdoc(function) or "")

    return declare


@overload
def fail(
    what: Mistake, *, headline: str = ..., case: Any = ..., expected: Any = ..., actual: Any = ...
) -> NoReturn: ...
@overload
def fail(what: str, *, case: Any = ..., expected: Any = ..., actual: Any = ...) -> NoReturn: ...
def fail(what: Mistake | str, *, headline: str = "", case: Any = "", expected: Any = "", actual: Any = "") -> NoReturn:
    """End the check: this mistake was made, or, with a sentence, this probe does not hold."""
    known = what if isinstance(what, Mistake) else None
    said = headline or (known.headline if known else str(what))
    raise CheckFailed(known, said, *map(_text, (case, expected, actual)))


def _text(value: Any) -> str:
    from gradus.checks.show import show

    return value if isinstance(value, str) else show(value)


@dataclass(frozen=True)
class ProbeSet:
    """Everything a ``probe.py`` declares, in its order."""

    probes: tuple[Probe, ...]
    mistakes: tuple[Mistake, ...]
    doc: str = ""


def load_probes(path: Path) -> ProbeSet:
    """Read a ``probe.py``. Raises ContentError with file, line and reason."""
    import linecache
    import types

    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"probe.py cannot be read: {error}", str(path)) from None
    module = types.ModuleType(f"probe_{path.parent.name}")
    module.__file__ = str(path)
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except Exception as error:
        raise ContentError(
            f"probe.py does not run: {type(error).__name__}: {error}", f"{path}:{_line(error, path)}"
        ) from error
    linecache.checkcache(str(path))
    probes = tuple(value for value in vars(module).values() if isinstance(value, Probe))
    mistakes = tuple(value for value in vars(module).values() if isinstance(value, Mistake))
    for name, value in vars(module).items():
        if isinstance(value, Probe | Mistake):
            where = f"{path}:{_defined(source, value.name)}"
            if name != value.name:
                raise ContentError(f"“{value.name}” stands in the module as “{name}”", where)
            if not _split(value.message)[1]:
                raise ContentError(
                    f"“{name}” needs a docstring of two parts: a headline, an empty line, an explanation", where
                )
    if not probes:
        raise ContentError("there is no probe in it", f"{path}:1")
    return ProbeSet(probes, mistakes, inspect.getdoc(module) or "")


def _line(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _defined(source: str, name: str) -> int:
    for number, line in enumerate(source.splitlines(), start=1):
        if line.startswith(f"def {name}("):
            return number
    return 1
