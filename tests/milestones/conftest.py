"""Fixtures of the milestone tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.milestones import stage2_compare
from gradus.roadmap import load_roadmap
from tests.milestones.stage2_bench import Examiner


@pytest.fixture(scope="session")
def shared_grader() -> Iterator[Grader]:
    with Grader() as made:
        yield made


@pytest.fixture(scope="session")
def shared_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.create(tmp_path_factory.mktemp("milestones") / "mine", load_roadmap(), git=False)


@pytest.fixture
def examiner(shared_grader: Grader, shared_workspace: Workspace, tmp_path: Path) -> Examiner:
    """A full examination."""
    return Examiner(shared_grader, shared_workspace, tmp_path / "project")


@pytest.fixture
def brisk(examiner: Examiner, monkeypatch: pytest.MonkeyPatch) -> Examiner:
    """An examination with fewer repeats and resamples, and no pictures."""
    from gradus.milestones import stage2_findings, stage2_folds, stage2_leaks, stage2_page

    monkeypatch.setattr(stage2_folds, "FOLDS", 3)
    monkeypatch.setattr(stage2_leaks, "NULL_REPEATS", 5)
    monkeypatch.setattr(stage2_compare, "RESAMPLES", 120)
    monkeypatch.setattr(stage2_compare, "rival", _remembered_rival)
    monkeypatch.setattr(stage2_findings, "PERMUTATIONS", 1)
    monkeypatch.setattr(stage2_findings, "GRID", 5)
    monkeypatch.setattr(stage2_page, "write_page", lambda *args, **kwargs: None)
    return examiner


_RIVAL = stage2_compare.rival
_RIVALS: dict[tuple[str, bytes], Any] = {}


def _remembered_rival(name: str, study: Any, folds: Any) -> Any:
    """A baseline's predictions; projects on the same data and folds have the same baselines."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(study.X, index=False).to_numpy().tobytes()
    key = (name, rows + study.truth.tobytes() + b"".join(test.tobytes() for _, test in folds))
    if key not in _RIVALS:
        _RIVALS[key] = _RIVAL(name, study, folds)
    return _RIVALS[key]
