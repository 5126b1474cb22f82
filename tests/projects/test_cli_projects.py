"""A project at the command line: what is shown, what is answered as JSON, and which saves start a check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradus.cli.steps_shown import shown_on, step_text
from gradus.cli.term import Terminal
from gradus.cli.verdict import render_verdict
from gradus.cli.watch import Event, Watch
from gradus.cli.watching import stamp_of
from gradus.learner.project_files import is_project_save
from gradus.roadmap import Roadmap

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def gradus(curriculum: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("home")
    own = {"GRADUS_CURRICULUM": str(curriculum), "GRADUS_NO_HOST": "1", "HOME": str(home), "COLUMNS": "80"}
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}

    def run(*args: str, cwd: Path) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "gradus", *args], cwd=cwd, env={**kept, **own}, capture_output=True, text=True,
            encoding="utf-8", timeout=240, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def folder(gradus: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("learner") / "work"
    assert gradus("init", str(work), "--yes", "--no-git", cwd=work.parent).returncode == 0
    return work / "1-services" / "1-first" / "tally"


def test_a_check_from_the_starter_to_a_pass(gradus: Any, folder: Path, road: Roadmap) -> None:
    done = gradus("check", "tally", cwd=folder)
    assert done.returncode == 1
    assert "folder to work in" in " ".join(done.stdout.split())
    for name, data in road.exercise("tally").solution_files.items():
        (folder / name).write_bytes(data)
    report = folder / "report.py"
    report.write_text(report.read_text().replace(" - 1", ""))
    done = gradus("check", str(report), "--json", cwd=folder)
    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["outcome"], verdict["diagnosis"]["id"]) == (1, "not_yet", "header_counted")
    assert set(verdict["provenance"]) == set(road.exercise("tally").solution_files)
    report.write_bytes(road.exercise("tally").solution_files["report.py"])
    done = gradus("check", ".", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 checks held" in done.stdout
    assert "What your programs wrote" not in done.stdout


def test_a_folder_outside_any_workspace_is_checked_and_not_recorded(gradus: Any, tmp_path: Path, road: Roadmap) -> None:
    for name, data in road.exercise("tally").starter_files.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = gradus("check", "tally", "--file", "mine", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["outcome"] == "unstarted"


def test_missing_libraries_are_no_fault_of_anybodys() -> None:
    verdict = {
        "exercise": "tally", "outcome": "grader_error", "seed": 1, "milliseconds": {"total": 3.0}, "ran": {},
        "headline": "This exercise needs libraries that are not installed yet.", "findings": [], "stdout": "",
        "diagnosis": {"id": "libraries_missing", "message": "Missing: mlflow."},
    }  # fmt: skip
    text = "\n".join(render_verdict(verdict, {"kind": "project", "recorded": False}, Terminal()))
    assert "Not installed yet" in text
    assert "gradus install mlops" in text
    assert "fault" not in text.casefold()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/w/1-services/1-first/tally/app.py", True),
        ("/w/1-services/1-first/tally/.github/workflows/ci.yml", True),
        ("/w/1-services/1-first/tally/data/rows.csv", True),
        ("/w/review/tally/Containerfile", True),
        ("/w/1-services/1-first/tally/mlflow.db", False),
        ("/w/1-services/1-first/tally/__pycache__/app.pyc", False),
        ("/w/1-services/1-first/tally/.git/index", False),
        ("/w/1-services/1-first/tally/.app.py.swp", False),
        ("/w/1-services/1-first/lesson.md", False),
        ("/w/README.md", False),
    ],
)
def test_which_files_are_saves(path: str, wanted: bool) -> None:
    assert is_project_save(path) is wanted


class _Page:
    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def test_a_save_anywhere_in_the_folder_starts_a_check(tmp_path: Path) -> None:
    folder = tmp_path / "1-services" / "1-first" / "tally"
    (folder / "data").mkdir(parents=True)
    (folder / "app.py").write_text("a")
    asked: list[str] = []

    def ask(what: str, /, **_: Any) -> dict[str, Any]:
        asked.append(what)
        return {"verdict": {}, "screen": {}}

    watch = Watch(ask, _Page(), {"exercise": "tally", "kind": "project", "file": str(folder)})  # type: ignore[arg-type]
    watch.open()
    before = stamp_of(folder)
    (folder / "data" / "rows.csv").write_text("x,y\n")
    assert stamp_of(folder) != before
    watch.handle(Event("save", {folder / "data" / "rows.csv"}))
    watch.handle(watch.events.get(timeout=20))
    assert asked == ["check"]


def test_a_step_is_shown_on_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    step = {"number": 2, "total": 5, "title": "adds\nup"}
    assert step_text(step) == "2 of 5: adds up"
    with shown_on(sys.stderr) as show:
        show(step)
    assert capsys.readouterr().err == ""


def test_the_next_step_says_how_to_get_libraries_that_are_missing() -> None:
    from gradus.cli.steps import next_lines

    focus = {"exercise": "tally", "title": "T", "task": "t", "file": "f", "kind": "project", "lacks": ["mlflow"]}
    assert "gradus install mlops" in "\n".join(next_lines({"step": {"kind": "exercise"}, "focus": focus}, Terminal()))
