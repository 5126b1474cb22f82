"""A project in a learner's workspace: laid out, read, checked, recorded, helped with, put back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gradus.errors import UsageError, WorkspaceError
from gradus.grader import Grader
from gradus.grader.projects import unpack
from gradus.learner import Learner, Workspace
from gradus.learner.project_files import MOST_BYTES, MOST_FILES, TASK, read_project
from gradus.roadmap import Roadmap


@pytest.fixture
def workspace(road: Roadmap, tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "work", road, git=False)


@pytest.fixture
def folder(workspace: Workspace) -> Path:
    return workspace.root / "1-services" / "1-first" / "tally"


def solve(folder: Path, road: Roadmap) -> None:
    for name, data in road.exercise("tally").solution_files.items():
        (folder / name).write_bytes(data)


def test_the_folder_is_laid_out_with_its_task(folder: Path, road: Roadmap, workspace: Workspace) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {TASK, "service.py", "report.py", "data/rows.csv"}
    assert "gradus check tally" in (folder / TASK).read_text()
    assert read_project(folder, workspace.root) == road.exercise("tally").starter_files


def test_what_the_learner_changed_is_never_overwritten(folder: Path, road: Roadmap, workspace: Workspace) -> None:
    (folder / "report.py").write_text("mine")
    again = Workspace.create(workspace.root, road, git=False)
    assert (folder / "report.py").read_text() == "mine"
    assert again.laid is not None
    assert again.laid.kept == ("1-services/1-first/tally/report.py",)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("1-services/1-first/tally", ("tally", "work")),
        ("1-services/1-first/tally/service.py", ("tally", "work")),
        ("1-services/1-first/tally/data/rows.csv", ("tally", "work")),
        ("1-services/1-first/one.py", ("one", "work")),
        ("1-services/1-first/lesson.md", None),
        ("1-services/milestone/app.py", ("app", "work")),
        ("gradus.toml", None),
    ],
)
def test_a_path_says_which_exercise_it_belongs_to(workspace: Workspace, path: str, found: Any) -> None:
    assert workspace.locate(workspace.root / path) == found


def test_a_check_is_recorded_with_every_file(folder: Path, road: Roadmap, workspace: Workspace) -> None:
    with Learner.open(workspace, road) as learner, Grader("bare", parked=0) as grader:
        first = learner.check("tally", grader=grader)
        assert first.outcome == "unstarted"
        solve(folder, road)
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
        verdict = learner.check("tally", folder / "report.py", grader=grader)
        assert verdict.passed
        event = learner.history().times[-1][1]
        assert event.source == verdict.source_sha256
        kept = learner.store.source(event.source)
        assert kept is not None
        exercise = road.exercise("tally")
        assert unpack(kept, exercise.starter_files) == exercise.solution_files
        assert verdict.provenance.keys() == exercise.solution_files.keys()
        ways = learner.ways("tally", grader)
        assert [way.name for way in ways.ways] == ["reference", "csv_module"]
        assert "report.py" in ways.ways[1].source
        assert "service.py" not in ways.ways[1].source
        assert "==== data" not in learner.solution("tally").source
        with pytest.raises(UsageError, match="project"):
            learner.check_source("tally", "x = 1", grader=grader)


def test_a_reset_puts_the_folder_away_and_lays_a_fresh_one(folder: Path, road: Roadmap, workspace: Workspace) -> None:
    (folder / "report.py").write_text("mine")
    (folder / "extra.py").write_text("more")
    with Learner.open(workspace, road) as learner:
        laid = learner.reset("tally")
        assert laid.kept is not None
        body = learner.old_work(laid.kept)
    assert body is not None
    assert json.loads(body)["files"]["extra.py"]["text"] == "more"
    assert not (folder / "extra.py").exists()
    assert (workspace.private / "kept" / "tally-1" / "extra.py").read_text() == "more"
    assert read_project(folder, workspace.root) == road.exercise("tally").starter_files


def test_an_entry_test_has_a_folder_of_its_own(road: Roadmap, workspace: Workspace) -> None:
    with Learner.open(workspace, road) as learner:
        learner.place(1)
    assert (workspace.root / "placement" / "tally" / "service.py").is_file()
    assert workspace.context_of(workspace.root / "placement" / "tally" / "data" / "rows.csv") == "placement"


def test_a_folder_that_is_too_large_is_refused_in_words(folder: Path, workspace: Workspace) -> None:
    (folder / "big.bin").write_bytes(b"0" * (MOST_BYTES + 1))
    with pytest.raises(WorkspaceError, match=r"too large.*big\.bin"):
        read_project(folder, workspace.root)
    (folder / "big.bin").unlink()
    for number in range(MOST_FILES + 1):
        (folder / f"{number}.txt").touch()
    with pytest.raises(WorkspaceError, match=f"more than {MOST_FILES} files"):
        read_project(folder, workspace.root)


def test_links_are_followed_within_the_folder_only(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    (folder / "same.csv").symlink_to("data/rows.csv")
    assert read_project(folder, workspace.root)["same.csv"] == (folder / "data" / "rows.csv").read_bytes()
    (tmp_path / "secret").write_text("secret")
    (folder / "leak").symlink_to(tmp_path / "secret")
    with pytest.raises(WorkspaceError, match="leads out"):
        read_project(folder, workspace.root)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_keeps_nobody_waiting(folder: Path, workspace: Workspace) -> None:
    os.mkfifo(folder / "pipe")
    assert "pipe" not in read_project(folder, workspace.root)


def test_a_notebook_cell_is_told_where_a_project_is_checked(
    workspace: Workspace, curriculum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradus.notebook.magics import run_check
    from gradus.roadmap import load_roadmap

    monkeypatch.setenv("GRADUS_CURRICULUM", str(curriculum))
    load_roadmap.cache_clear()
    try:
        with pytest.raises(UsageError, match="project") as raised:
            run_check("tally", "x = 1", workspace.root)
    finally:
        load_roadmap.cache_clear()
    assert "gradus check tally" in raised.value.next_step


def test_a_notebook_holds_a_projects_task_and_no_cell_to_check(road: Roadmap) -> None:
    pytest.importorskip("jupytext")
    from gradus.learner.notebooks import notebook_files

    script = dict(notebook_files(road.unit("first")))["notebook.py"].decode()
    assert "gradus check tally" in script
    assert "%%check one" in script
    assert "%%check tally" not in script
