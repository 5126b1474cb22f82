"""Bad input to ``gradus milestone 2`` on the command line: a clear error, exit code 2, nothing lost or written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gradus.cli.main import run
from gradus.learner import Workspace
from gradus.roadmap import load_roadmap
from tests.milestones.stage2_data import loans
from tests.milestones.stage2_honest import PROJECTS

PLAIN = PROJECTS["pipeline with a linear model"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The milestone's folder of a workspace, with an honest project in it."""
    workspace = Workspace.create(tmp_path / "mine", load_roadmap(), git=False)
    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("GRADUS_NO_HOST", "1")
    folder = workspace.root / load_roadmap().stage(2).folder.name
    folder.mkdir(exist_ok=True)
    (folder / "milestone.py").write_text(PLAIN.source)
    (folder / "claims.toml").write_text(PLAIN.toml)
    loans().to_csv(folder / "data.csv", index=False)
    return folder


def refused(folder: Path, capsys: pytest.CaptureFixture[str], words: str) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "huge.csv"}
    capsys.readouterr()
    assert run(["milestone", "2", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert words in f"{error['what']} {error['next_step']}"
    assert {path: path.read_bytes() for path in before} == before
    evidence = folder.parent / ".gradus" / "evidence"
    assert not evidence.exists() or not list(evidence.iterdir())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="default"), "no column “default”"),
        (lambda f: f.assign(default="no"), "single class"),
        (lambda f: f.assign(default=f["default"].where(f.index > 3)), "missing in 4 of 160 rows"),
        (lambda f: f.rename(columns={"debt": "dept"}), "about “debt”"),
        (lambda f: f.head(20), "20 rows; at least 40"),
    ],
)
def test_data_that_do_not_fit(folder: Path, capsys: pytest.CaptureFixture[str], change, words: str) -> None:
    change(loans()).to_csv(folder / "data.csv", index=False)
    refused(folder, capsys, words)


def test_declarations_that_do_not_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims = folder / "claims.toml"
    claims.write_text(PLAIN.toml.replace('target = "default"', 'target = "defaulted"'))
    refused(folder, capsys, "no column “defaulted”")
    claims.write_text(PLAIN.toml + '\n[vault]\nseal = "nothing"\n')
    refused(folder, capsys, "no set “nothing”")


def test_claims_that_are_gone_are_laid_out_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "claims.toml").unlink()
    assert run(["milestone", "2", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["what"] == "There is no such file."
    assert error["next_step"] == "claims.toml names your CSV file under [data], as `file`."
    assert "[data]" in (folder / "claims.toml").read_text()
    assert (folder / "milestone.py").read_text() == PLAIN.source


def test_two_gigabytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data.csv").unlink()
    (folder / "huge.csv").touch()
    os.truncate(folder / "huge.csv", 2 * 1024**3)  # sparse: it takes no room
    (folder / "claims.toml").write_text(PLAIN.toml.replace("data.csv", "huge.csv"))
    refused(folder, capsys, "2,048 MB; the examination takes at most")
    assert (folder / "huge.csv").stat().st_size == 2 * 1024**3
    assert run(["milestone", "2"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "2,048 MB" in said
    assert "Traceback" not in said
