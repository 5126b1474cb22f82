"""What docs/authoring.md shows is run: its blocks are one checks.py, judged with a solution beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradus.checks import CheckSet, load_checks, probes
from gradus.checks.compare_drawing import ALL_PARTS
from gradus.grader import judge_locally
from gradus.roadmap import Exercise, Limits

PAGE = Path(__file__).parents[2] / "docs" / "authoring.md"
SOLUTION = """
import numpy as np


def standardize(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


class RunningStats:
    def __init__(self):
        self.n, self.total = 0, 0.0

    def add(self, chunk):
        self.n += len(chunk)
        self.total += sum(chunk)

    @property
    def mean(self):
        return self.total / self.n if self.n else 0.0
"""


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> CheckSet:
    folder = Path(tmp_path_factory.mktemp("page"))
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (folder / "checks.py").write_text("\n\n".join(blocks), encoding="utf-8")
    (folder / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (folder / "starter.py").write_text("def standardize(X):\n    raise NotImplementedError\n", encoding="utf-8")
    return load_checks(
        Exercise(
            id="standardize",
            title="",
            unit="",
            stage=1,
            difficulty=1,
            minutes=1,
            skills=(),
            provides=("standardize", "RunningStats"),
            libraries="core",
            limits=Limits(),
            equivalents=(),
            folder=folder,
        )
    )


def test_the_reference_passes_what_the_page_shows(checks: CheckSet) -> None:
    for seed in range(20):
        verdict = judge_locally(checks, SOLUTION, seed)
        assert verdict.passed, verdict


def test_every_misconception_of_the_page_is_named(checks: CheckSet) -> None:
    assert [wrong.name for wrong in checks.misconceptions] == ["sample_deviation", "whole_table"]
    for old, new, name in (
        ("X.std(axis=0)", "X.std(axis=0, ddof=1)", "sample_deviation"),
        ("(X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)", "(X - X.mean()) / X.std()", "whole_table"),
    ):
        verdict = judge_locally(checks, SOLUTION.replace(old, new), seed=4)
        assert verdict.diagnosis is not None
        assert verdict.diagnosis.id == name


def test_every_behaviour_of_the_page_is_found(checks: CheckSet) -> None:
    assert [behaviour.name for behaviour in checks.behaviours] == [
        "shift_invariant", "rows_follow", "scale_free", "kept", "precise", "held_out_apart", "fitted_inside",
    ]  # fmt: skip


def test_the_page_names_every_probe_and_comparator() -> None:
    from gradus.checks import compare

    text = PAGE.read_text(encoding="utf-8")
    for name in probes.__all__:
        assert f"`{name}(" in text, name
    factories = set(compare.__all__) - {"GENERIC_KINDS", "Cell", "Comparator", "Difference"}
    for name in factories:
        assert f"compare.{name}(" in text, name
    assert " ".join(ALL_PARTS) in text


def test_the_page_names_every_built_in_diagnosis() -> None:
    source = Path(__file__).parents[2] / "src" / "gradus"
    text = PAGE.read_text(encoding="utf-8")
    kinds: set[str] = set()
    for path in (
        *source.glob("checks/compare*.py"),
        source / "grader" / "headlines.py",
        source / "grader" / "judge.py",
    ):
        kinds |= set(
            re.findall(r'"((?:wrong|not|returned|printed|integer|missing|raises|exits)_[a-z_]+)"', path.read_text())
        )
    for kind in kinds - {"not_yet"}:
        assert f"`{kind}`" in text, kind
