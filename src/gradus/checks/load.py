"""From an exercise's folder to a `CheckSet`: everything the judge needs, none of which the learner's process sees."""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from gradus.checks.authoring import Behaviour, CaseGroup, Misconception, Valid
from gradus.errors import ContentError, UsageError
from gradus.pandas_alike import import_pandas
from gradus.roadmap import Exercise

#: Libraries that only some exercises need -> what to ask pip for.
_OPTIONAL = {
    "lightgbm": "lightgbm",
    "xgboost": "xgboost-cpu" if sys.platform in ("linux", "win32") else "xgboost",
}
_EXPECTS = re.compile(r"^expects:\s*([A-Za-z_]\w*)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Way:
    """Another good solution. ``praise`` says what is good about it."""

    name: str
    source: str
    praise: str


@dataclass(frozen=True)
class Wrong:
    """A full wrong submission, the diagnosis it must get, and what the mistake is."""

    name: str
    source: str
    expects: str
    mistake: str


@dataclass(frozen=True)
class CheckSet:
    """An exercise's checks, loaded. ``reference`` is the module made of ``solution.py``."""

    exercise: Exercise
    case_groups: tuple[CaseGroup, ...]
    misconceptions: tuple[Misconception, ...]
    behaviours: tuple[Behaviour, ...]
    preconditions: Mapping[str, Valid]
    reference: ModuleType
    ways: tuple[Way, ...]
    wrong: tuple[Wrong, ...]

    @property
    def default_name(self) -> str:
        """The function that cases are of when they do not say."""
        return self.exercise.provides[0]


def load_checks(exercise: Exercise) -> CheckSet:
    """Load ``solution.py`` and ``checks.py``.

    Raises:
        ContentError: one of them is at fault; with file, line and reason.
        UsageError: a library that this exercise needs is not installed.
    """
    if any(b"pandas" in path.read_bytes() for path in (exercise.solution_path, exercise.checks_path)):
        _prefer_plain_pandas()
    reference = _run(exercise.solution_path, exercise.id)
    for name in exercise.provides:
        if not hasattr(reference, name):
            raise ContentError(
                f"the solution does not define “{name}”, which the exercise provides", str(exercise.solution_path)
            )
    declared = _declared(exercise, _run(exercise.checks_path, f"checks_of_{exercise.id}"))
    groups = tuple(value for value in declared if isinstance(value, CaseGroup))
    behaviours = tuple(value for value in declared if isinstance(value, Behaviour))
    if not groups and not behaviours:
        raise ContentError("there is not one check: no @cases and no @behaviour", str(exercise.checks_path))
    return CheckSet(
        exercise=exercise,
        case_groups=groups,
        misconceptions=tuple(value for value in declared if isinstance(value, Misconception)),
        behaviours=behaviours,
        preconditions={value.of or exercise.provides[0]: value for value in declared if isinstance(value, Valid)},
        reference=reference,
        ways=tuple(_way(path) for path in exercise.ways),
        wrong=tuple(_wrong(path) for path in exercise.wrong),
    )


def _declared(exercise: Exercise, module: ModuleType) -> list[Any]:
    """What the module declares, in order, each under its own name; references to unknown functions are refused."""
    found: list[Any] = []
    for name, value in vars(module).items():
        if not isinstance(value, CaseGroup | Misconception | Behaviour | Valid):
            continue
        of = getattr(value, "of", None)
        if of is not None and of not in exercise.provides:
            raise ContentError(f"“{name}” is of “{of}”, which the exercise does not provide", str(exercise.checks_path))
        found.append(value if isinstance(value, Valid) else dataclasses.replace(value, name=name))
    return found


def _run(path: Path, name: str) -> ModuleType:
    """Execute a trusted content file as a module of its own."""
    module = ModuleType(name)
    module.__file__ = str(path)
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        raise ContentError(f"not valid Python: {error.msg}", f"{path}:{error.lineno}") from None
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name in _OPTIONAL:
            raise _not_installed(error.name) from None
        raise ContentError(f"{type(error).__name__}: {error}", f"{path}:{_line_in(path, error)}") from error
    return module


def _prefer_plain_pandas() -> None:
    try:
        import_pandas()
    except ImportError:
        pass  # the file that imports it says so


def _not_installed(library: str) -> UsageError:
    return UsageError(
        f"this exercise needs {library}, which is not installed",
        next_step=f"Install it with: {sys.executable} -m pip install {_OPTIONAL[library]}",
    )


def _line_in(path: Path, error: BaseException) -> int:
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _way(path: Path) -> Way:
    source = path.read_text(encoding="utf-8")
    docstring = _docstring(path, source)
    if not docstring:
        raise ContentError("the module's docstring must say what is good about this way", f"{path}:1")
    return Way(path.stem, source, docstring.splitlines()[0])


def _wrong(path: Path) -> Wrong:
    source = path.read_text(encoding="utf-8")
    docstring = _docstring(path, source)
    match = _EXPECTS.search(docstring)
    if match is None:
        raise ContentError("the module's docstring must hold a line “expects: DIAGNOSIS_ID”", f"{path}:1")
    return Wrong(path.stem, source, match[1], _EXPECTS.sub("", docstring).strip())


def _docstring(path: Path, source: str) -> str:
    try:
        return ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError as error:
        raise ContentError(f"not valid Python: {error.msg}", f"{path}:{error.lineno}") from None
