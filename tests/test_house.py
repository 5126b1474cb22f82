"""Rules of the house that a machine can keep: who may import whom, small files, nothing unpickled, light start-up."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "gradus"
MODULES = sorted(SOURCE.rglob("*.py"))

#: What each room may import, besides itself and `errors`. Front doors may import everything; nothing imports them.
ALLOWED = {
    "errors": set(),
    "pandas_alike": set(),
    "roadmap": set(),
    "checks": {"roadmap"},
    "grader": {"projects", "checks", "roadmap"},
    "learner": {"grader", "checks", "roadmap"},
    "vault": {"learner"},
    "arena": {"vault", "learner", "roadmap"},
    "projects": {"grader", "checks"},  # the parts of its sandbox, and how a value is shown
    "provers": {"projects"},
    "milestones": {"provers", "projects", "vault", "learner", "grader", "checks", "roadmap"},
    "author": {"projects", "grader", "checks", "roadmap"},
    "tour": {"milestones", "provers", "vault", "learner", "grader", "roadmap"},
}
COMMON = {"errors", "pandas_alike"}
FRONT_DOORS = {"cli", "notebook", "web"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_rooms_import_in_one_direction(path: Path) -> None:
    here = room(path)
    if here in FRONT_DOORS or here.startswith("__"):
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "gradus" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] in ALLOWED[here] | {here, *COMMON}, f"{here} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_is_unpickled(path: Path) -> None:
    forbidden = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
    assert not {name.split(".")[0] for name in imported(path)} & forbidden


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("gradus.cli.main", {"numpy", "pandas", "rich", "sqlalchemy", "pydantic", "matplotlib"}),
        ("gradus.roadmap", {"numpy", "pandas", "pydantic", "sqlalchemy"}),
        ("gradus.checks", {"numpy", "pandas", "matplotlib"}),
        ("gradus.learner", {"numpy", "pandas", "sqlalchemy", "alembic"}),
        ("gradus.vault", {"numpy", "pandas", "sklearn"}),
    ],
)
def test_rooms_are_light_at_import(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & {name.split(".")[0] for name in loaded}
