"""Exercises that the tests of the judge write for themselves, and the graders that they share."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from gradus.checks import CheckSet, load_checks
from gradus.grader import Submission, Verdict, judge_locally
from gradus.roadmap import Exercise, Limits

STANDARDIZE_SOLUTION = '''
import numpy as np


def standardize(X):
    """Each column with mean 0 and population deviation 1."""
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)
'''
STANDARDIZE_STARTER = '''
import numpy as np


def standardize(X):
    """Each column with mean 0 and population deviation 1."""
    raise NotImplementedError
'''
STANDARDIZE_CHECKS = '''
import numpy as np
from gradus.checks import behaviour, cases, fail, misconception, valid


@cases
def tables(rng):
    n, d = rng.integers(4, 20), rng.integers(2, 4)
    yield rng.normal(5, 3, size=(n, d))
    yield np.column_stack([rng.normal(size=n), np.full(n, 7.0)])
    yield rng.integers(-9, 10, size=(6, 2))


@valid
def a_table(X):
    return X.ndim == 2 and len(X) >= 1


@misconception
def sample_deviation(X):
    """Each column's spread is slightly too small.

    You divided by the *sample* deviation (`ddof=1`). Here the rows you have are all there are."""
    spread = X.std(axis=0, ddof=1)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


@misconception
def whole_table(X):
    """The columns do not have mean 0 each.

    One mean over everything."""
    return (X - X.mean()) / (X.std() or 1)


@behaviour("shifting a column changes nothing")
def shift_invariant(student, rng):
    """Only distances from the mean count."""
    X = rng.normal(size=(5, 2))
    before, after = student.standardize(X), student.standardize(X + [100.0, -3.0])
    if not np.allclose(before, after):
        fail("Adding 100 to a column changes the answer.", case=X, expected=before, actual=after)
'''


def write(
    folder: Path,
    *,
    name: str = "standardize",
    solution: str = STANDARDIZE_SOLUTION,
    starter: str = STANDARDIZE_STARTER,
    checks: str = STANDARDIZE_CHECKS,
    provides: tuple[str, ...] = (),
    libraries: str = "core",
    limits: Limits | None = None,
) -> Exercise:
    """An exercise in a folder of its own."""
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    for file, text in (("solution.py", solution), ("starter.py", starter), ("checks.py", checks)):
        (home / file).write_text(dedent(text), encoding="utf-8")
    return Exercise(
        id=name, title=name, unit="unit", stage=1, difficulty=1, minutes=5, skills=(), provides=provides or (name,),
        libraries=libraries, limits=limits or Limits(seconds=3.0), equivalents=(), folder=home,
    )  # fmt: skip


def small(folder: Path, solution: str, checks: str, *, name: str = "f", provides: tuple[str, ...] = ()) -> CheckSet:
    """The checks of an exercise that is written in two strings."""
    exercise = write(
        folder, name=name, solution=solution, checks=checks, starter="raise NotImplementedError", provides=provides,
        libraries="bare",
    )  # fmt: skip
    return load_checks(exercise)


def judged(checks: CheckSet, source: str, seed: int = 1) -> Verdict:
    """The verdict on trusted code, without a sandbox."""
    return judge_locally(checks, dedent(source), seed)


def submitted(exercise: Exercise, source: str | bytes, **siblings: str) -> Submission:
    """What the learner hands in."""
    data = source if isinstance(source, bytes) else dedent(source).encode()
    return Submission(data, f"{exercise.id}.py", {f"{name}.py": text.encode() for name, text in siblings.items()})
