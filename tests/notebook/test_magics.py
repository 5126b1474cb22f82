"""The magics in a real IPython, and in a notebook run by nbclient."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("IPython")

from IPython.core.interactiveshell import InteractiveShell

from gradus.errors import HostError, UsageError
from gradus.learner import Learner, Workspace
from gradus.notebook import magics, register

SOLVED = """import numpy as np

def standardize(X):
    X = np.asarray(X, dtype=float)
    deviation = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "ml", git=False)
    monkeypatch.chdir(made.root / "1-python-and-maths" / "2-numpy")
    return made


@pytest.fixture
def shell(workspace: Workspace) -> Iterator[Any]:
    shell = InteractiveShell()
    register(shell)
    yield shell
    shell.history_manager.end_session() if shell.history_manager else None


@pytest.fixture
def own_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A background process of the test's own, ended after it."""
    with tempfile.TemporaryDirectory(prefix="gr") as folder:  # short: a socket's path has little room
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield
        subprocess.run([sys.executable, "-m", "gradus", "host", "stop"], capture_output=True, check=False)


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def answers(monkeypatch: pytest.MonkeyPatch, out: str | bytes, err: bytes = b"", code: int = 0) -> list[Any]:
    """Let the command answer this; return what it was asked."""
    asked: list[Any] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append((command, options, Path(command[-2]).read_bytes()))
        return subprocess.CompletedProcess(command, code, out if isinstance(out, bytes) else out.encode(), err)

    monkeypatch.setattr(magics.subprocess, "run", run)
    return asked


def test_the_cell_is_what_is_checked_in_another_process(
    shell: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answers(monkeypatch, json.dumps({"outcome": "passed", "headline": "Every check holds."}))
    monkeypatch.setenv("PYTHONPATH", str(workspace.root))
    shell.run_cell_magic("check", "standardize", "x = 41 + 1\n")
    ((command, options, body),) = asked
    assert command[:5] == [sys.executable, "-P", "-m", "gradus", "check"]
    assert command[5:] == ["standardize", "--file", str(workspace.private / "cells" / "standardize.py"), "--json"]
    assert body == b"x = 41 + 1\n"
    assert "PYTHONPATH" not in options["env"]
    assert "Every check holds." in shown(capsys)
    assert shell.user_ns["x"] == 42  # and the names are defined, to play with


@pytest.mark.parametrize("outcome", ["broken", "over_limit", "unstarted", "grader_error"])
def test_a_cell_that_is_unsafe_to_run_is_not_run(shell: Any, monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    answers(monkeypatch, json.dumps({"outcome": outcome, "headline": "h"}), code=1)
    shell.run_cell_magic("check", "standardize", "ran = True\n")
    assert "ran" not in shell.user_ns


@pytest.mark.parametrize("out", [b"", b"passed", b"[]", b"{}", b'"passed"', b"\xff"])
def test_no_verdict_is_never_a_pass(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, out: bytes) -> None:
    answers(monkeypatch, out, b"it broke\n", 3)
    with pytest.raises(HostError, match="it broke"):
        magics.run_check("standardize", "x = 1")


def test_an_unknown_exercise_is_named(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell_magic("check", "standardise", "x = 1\n")
    assert "Did you mean standardize" in shown(capsys)
    with pytest.raises(UsageError):
        magics.run_check("../../etc/passwd", "x = 1")


def test_the_magic_says_how_it_is_used(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell_magic("check", "", "x = 1\n")
    assert "%%check standardize" in shown(capsys)


def test_hint_next_and_progress(shell: Any, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_line_magic("hint", "standardize")
    assert "2 hints left." in shown(capsys)
    shell.run_line_magic("next", "")
    assert "gradus check" in shown(capsys)
    shell.run_line_magic("progress", "")
    assert "exercises passed" in shown(capsys)
    with Learner.open(workspace) as learner:
        assert learner.history().log("standardize").hints == 1


def test_outside_a_workspace_it_says_so(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shell.run_line_magic("next", "")
    assert "not in a Gradus workspace" in shown(capsys)


@pytest.mark.slow
def test_a_notebook_gets_the_same_verdict_as_the_command_line(workspace: Workspace, own_host: None) -> None:
    pytest.importorskip("ipykernel")
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    wrong = SOLVED.replace("X.std(axis=0)", "X.std(axis=0, ddof=1)")
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell(source)
        for source in (
            "%load_ext gradus",
            f"%%check standardize\n{wrong}",
            f"%%check standardize\n{SOLVED}",
            "standardize([[0.0], [2.0]]).tolist()",
            "%progress",
        )
    ]
    nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(Path.cwd())}}
    ).execute()
    wrong_html, right_html = (
        "".join(str(output["data"]["text/html"]) for output in cell.outputs if output.output_type == "display_data")
        for cell in book.cells[1:3]
    )
    assert "✗" in wrong_html
    assert "ddof=1" in wrong_html
    assert "✓" in right_html
    assert book.cells[3].outputs[0]["data"]["text/plain"] == "[[-1.0], [1.0]]"
    with Learner.open(workspace) as learner:
        events = [event for _, event in learner.history().times]
        assert [event.data["outcome"] for event in events] == ["not_yet", "passed"]
        assert [event.data["diagnosis"] for event in events] == ["sample_deviation", None]
        assert learner.store.source(str(events[1].source)) == SOLVED.encode()
    command = [sys.executable, "-m", "gradus", "check", "standardize", "--json"]
    workspace.file_for(learner.roadmap.exercise("standardize")).write_text(wrong)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert json.loads(done.stdout)["diagnosis"]["id"] == "sample_deviation"
