"""What can be said about an exercise without judging anything: its texts, its starter, its examples."""

from __future__ import annotations

import ast
import doctest
import re
import sys
from collections.abc import Iterable, Iterator, Set
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from gradus.author.forked import run_forked
from gradus.author.proofs import Problem
from gradus.author.prose import prose, tone_problems

if TYPE_CHECKING:
    from gradus.checks.load import CheckSet
    from gradus.roadmap import Exercise

PLACEHOLDER: Final = "TO WRITE"  # what a scaffold leaves where an author has to say something
_FENCED: Final = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
_MINUTES: Final = range(2, 91)
_LONGEST_HEADLINE: Final = 140


def text_problems(exercise: Exercise) -> list[Problem]:
    """Problems of everything that is read rather than run."""
    given = {re.sub(r"\s", "", line) for line in _statements(exercise.solution)}
    found = [*unwritten(exercise), *_task(exercise), *common_problems(exercise, given), *starter_problems(exercise)]
    for name, docstring in _docstrings(exercise.starter):
        found += [Problem("starter.py", name, what) for what in tone_problems(prose(docstring))]
    return found


def common_problems(exercise: Exercise, given: Set[str] = frozenset()) -> list[Problem]:
    """Problems that every kind of exercise may have. ``given`` are lines of the solution that no hint may hold."""
    found = [*_hints(exercise, given), *_facts(exercise)]
    for name, text in (("task.md", exercise.task), ("hints.md", "\n\n".join(exercise.hints))):
        found += [Problem(name, "words", what) for what in tone_problems(prose(text))]
    return found


def message_problems(checks: CheckSet) -> list[Problem]:
    """Problems of the messages in checks.py, wrong/ and ways/: what a learner reads after a check."""
    found = []
    for wrong_idea in checks.misconceptions:
        headline = wrong_idea.headline or ""
        if len(headline) > _LONGEST_HEADLINE:
            what = f"the headline (first paragraph) has {len(headline)} characters: one short sentence, please"
            found.append(Problem("checks.py", wrong_idea.name, what))
        found += _tone("checks.py", wrong_idea.name, wrong_idea.message)
    for behaviour in checks.behaviours:
        if not behaviour.message.strip():
            what = "the behavior says nothing: its docstring is what the learner reads when it fails"
            found.append(Problem("checks.py", behaviour.name, what))
        found += _tone("checks.py", behaviour.name, f"{behaviour.title}\n\n{behaviour.message}")
    for wrong in checks.wrong:
        if not wrong.mistake:
            what = "the docstring must say what the mistake is, besides “expects:”"
            found.append(Problem(f"wrong/{wrong.name}.py", "docstring", what))
    for way in checks.ways:
        found += _tone(f"ways/{way.name}.py", "docstring", way.praise)
    if len(checks.misconceptions) + len(checks.wrong) < 2:
        found.append(
            Problem("checks.py", "misconceptions", "at least two wrong ideas are needed, in checks.py or wrong/")
        )
    if not checks.ways:
        found.append(Problem("ways/", "", "at least one other good solution is needed"))
    return found


def _tone(file: str, field: str, text: str) -> list[Problem]:
    return [Problem(file, field, what) for what in tone_problems(prose(text))]


def unwritten(exercise: Exercise) -> Iterator[Problem]:
    """Where an author still has to say something."""
    for path in sorted(exercise.folder.rglob("*")):
        if path.suffix in {".md", ".py", ".toml"}:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                if PLACEHOLDER in line:
                    name = path.relative_to(exercise.folder).as_posix()
                    yield Problem(name, f"line {number}", f"still to be written: {line.strip()}")


def _task(exercise: Exercise) -> Iterator[Problem]:
    task = exercise.task
    for name in exercise.provides:
        if name not in task:
            yield Problem("task.md", name, "the task does not name what is to be written")
    if not _FENCED.search(task):
        yield Problem("task.md", "example", "a worked example is needed, in a ```python block")


def _hints(exercise: Exercise, given: Set[str]) -> Iterator[Problem]:
    if len(exercise.hints) != 3:
        yield Problem("hints.md", "", f"three numbered hints are needed, found {len(exercise.hints)}")
    if len(set(exercise.hints)) != len(exercise.hints):
        yield Problem("hints.md", "", "two hints read the same")
    for number, hint in enumerate(exercise.hints, start=1):
        if len(hint.split()) < 4:
            yield Problem("hints.md", f"hint {number}", "too short to help anybody")
        squeezed = re.sub(r"\s", "", hint)
        if any(len(line) > 30 and line in squeezed for line in given):
            yield Problem("hints.md", f"hint {number}", "it gives a whole line of the solution away")


def _facts(exercise: Exercise) -> Iterator[Problem]:
    if exercise.minutes not in _MINUTES:
        what = f"{exercise.minutes} minutes: an exercise takes {_MINUTES[0]} to {_MINUTES[-1]}; split it or mend it"
        yield Problem("exercise.toml", "minutes", what)
    if exercise.difficulty == 1 and exercise.minutes > 30:
        yield Problem("exercise.toml", "difficulty", f"{exercise.minutes} minutes are not difficulty 1")
    if not exercise.skills:
        yield Problem("exercise.toml", "skills", "the exercise must practice at least one outcome")
    if not exercise.title.strip():
        yield Problem("exercise.toml", "title", "the title is empty")


# --- the starter -----------------------------------------------------------------------------------------------------


def starter_problems(exercise: Exercise) -> list[Problem]:
    """The starter must offer what the solution defines, say what it is, and hold none of its code."""
    try:
        starter, solution = ast.parse(exercise.starter), ast.parse(exercise.solution)
    except SyntaxError as error:
        return [Problem("starter.py", f"line {error.lineno}", f"not valid Python: {error.msg}")]
    found: list[Problem] = []
    for name in exercise.provides:
        mine, theirs = _definition(starter, name), _definition(solution, name)
        if mine is None:
            found.append(Problem("starter.py", name, "the starter does not define it"))
            continue
        if not ast.get_docstring(mine):
            found.append(Problem("starter.py", name, "a docstring is needed: what goes in, what comes out, shapes"))
        if theirs is not None:
            found += _signature_problems(mine, theirs, name)
    given_away = sorted(set(_statements(exercise.starter)) & set(_statements(exercise.solution)))
    found += [Problem("starter.py", "code", f"it gives solution code away: {line}") for line in given_away]
    return found


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definition(tree: ast.AST, name: str) -> _Definition | None:
    for node in getattr(tree, "body", []):
        if isinstance(node, _Definition) and node.name == name:
            return node
    return None


def _signature_problems(mine: _Definition, theirs: _Definition, name: str) -> list[Problem]:
    if isinstance(mine, ast.ClassDef) or isinstance(theirs, ast.ClassDef):
        if not (isinstance(mine, ast.ClassDef) and isinstance(theirs, ast.ClassDef)):
            return [Problem("starter.py", name, "a class in one of starter and solution, a function in the other")]
        found = []
        for method in theirs.body:
            if isinstance(method, ast.FunctionDef) and (not method.name.startswith("_") or method.name == "__init__"):
                offered = _definition(mine, method.name)
                if offered is None:
                    found.append(Problem("starter.py", f"{name}.{method.name}", "the solution has this method"))
                else:
                    found += _signature_problems(offered, method, f"{name}.{method.name}")
        return found
    if (offered_as := _signature(mine)) != (wanted := _signature(theirs)):
        return [Problem("starter.py", name, f"its signature is ({offered_as}), the solution's is ({wanted})")]
    return []


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    returns = "" if function.returns is None else f" -> {ast.unparse(function.returns)}"
    return ast.unparse(function.args) + returns


def _statements(source: str) -> Iterator[str]:
    """The working statements inside functions: what a solution consists of, and a starter must not hold."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return | ast.Delete):
                value = getattr(node, "value", None)
                if function.name == "__init__" and isinstance(value, ast.Constant):
                    continue  # the fields that an empty object has
                if isinstance(node, ast.Expr | ast.Return) and (value is None or isinstance(value, ast.Constant)):
                    continue
                if isinstance(value, ast.Call) and "super()" in ast.unparse(value):
                    continue
                yield ast.unparse(node)


def _docstrings(source: str) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | _Definition) and (docstring := ast.get_docstring(node)):
            yield getattr(node, "name", "docstring"), docstring


# --- the examples of the task ----------------------------------------------------------------------------------------


def example_problems(exercise: Exercise, reference: ModuleType) -> list[Problem]:
    """Run the ``>>>`` examples of task.md and of the starter's docstrings: the solution must print what they say."""
    texts = [("task.md", "example", block) for language, block in _FENCED.findall(exercise.task) if ">>>" in block]
    texts += [
        ("starter.py", name, docstring) for name, docstring in _docstrings(exercise.starter) if ">>>" in docstring
    ]
    if not texts:
        return []
    ended = run_forked(lambda: [_run_examples(text, exercise.id, reference) for _, _, text in texts], seconds=20)
    if ended.how != "returned":
        return [Problem("task.md", "example", f"the examples could not be run: {ended.detail}")]
    return [
        Problem(file, field, what)
        for (file, field, _), messages in zip(texts, ended.value, strict=True)
        for what in messages
    ]


def _run_examples(text: str, name: str, reference: ModuleType) -> list[str]:
    """What is wrong with the examples of one text. Runs in a forked child, where module state may be changed."""
    sys.modules[name] = reference
    test = doctest.DocTestParser().get_doctest(text, _common_names() | vars(reference), name, None, None)
    complaints: list[str] = []

    class Runner(doctest.DocTestRunner):
        def report_start(self, out: Any, test: Any, example: Any) -> None: ...

        def report_success(self, out: Any, test: Any, example: Any, got: str) -> None: ...

        def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
            said, shown = example.want.rstrip(), got.rstrip() or "nothing"
            complaints.append(f"`{example.source.strip()}` prints {shown}, the text says {said}")

        def report_unexpected_exception(self, out: Any, test: Any, example: doctest.Example, exc_info: Any) -> None:
            complaints.append(f"`{example.source.strip()}` raises {exc_info[0].__name__}: {exc_info[1]}")

    Runner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, clear_globs=False)
    return complaints


def _common_names() -> dict[str, Any]:
    """The names that an example may use without importing them."""
    import math
    import random

    import numpy as np
    import pandas as pd

    return {"np": np, "pd": pd, "math": math, "random": random}


def problems_of(parts: Iterable[Iterable[Problem]]) -> list[Problem]:
    """Several lists of problems as one, without repetitions."""
    return list(dict.fromkeys(problem for part in parts for problem in part))
