"""The tour from its start to its end: the deployed model answers, and its evidence can be examined again by itself."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from gradus.errors import UsageError
from gradus.learner import Learner, Workspace
from gradus.milestones.stage5 import parts
from gradus.milestones.stage5_proving import prove_stage5
from gradus.roadmap import load_roadmap
from gradus.tour import Done, Step, Walked, walk
from gradus.tour.deployed import free_port, running
from gradus.vault import read_ledger, vault_folder

for module in ("mlflow", "dvc", "fastapi"):
    pytest.importorskip(module, reason="the extra “mlops” is not installed")


class Notes:
    """Whoever watches, with a good memory."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.ended: list[str] = []

    def begin(self, step: Step) -> None:
        self.begun.append(step.id)

    def say(self, step: Step, line: str) -> None:
        self.said.setdefault(step.id, []).append(line)

    def end(self, step: Step, done: Done, seconds: float) -> None:
        self.ended.append(step.id)


@pytest.fixture(scope="module")
def notes() -> Notes:
    return Notes()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, notes: Notes) -> Walked:
    return walk(tmp_path_factory.mktemp("tour") / "all", notes, seed=11, engine="none")


def of(walked: Walked, name: str) -> Done:
    return next(done for step, done, _ in walked.taken if step.id == name)


pytestmark = pytest.mark.slow


def test_every_step_is_taken_and_none_fails(walked: Walked, notes: Notes) -> None:
    outcomes = {step.id: done.outcome for step, done, _ in walked.taken}
    failed = [(step.id, done.summary, done.lines) for step, done, _ in walked.taken if done.outcome == "failed"]
    assert not failed
    assert not walked.failed
    assert list(outcomes) == [
        "init", "plan", "first_try", "second_try", "unit", "milestone_1", "sealed", "cross_validated", "opened",
        "project", "tracked", "registered", "served", "drifted", "prove_tracking", "prove_reproduce", "prove_service",
        "prove_monitor", "prove_release", "prove_container", "evidence",
    ]  # fmt: skip
    assert notes.begun == notes.ended == list(outcomes)
    assert outcomes["first_try"] == outcomes["drifted"] == "caught"
    assert of(walked, "first_try").measured["diagnosis"] == "starts_empty"
    assert "answers as the model does offline" in notes.said["prove_service"]


def test_what_was_done_is_on_the_learners_record(walked: Walked) -> None:
    workspace = Workspace.find(walked.folder / "workspace")
    with Learner.open(workspace) as learner:
        progress = learner.progress()
        history = learner.history()
    assert progress.passed == 5
    assert progress.attempts == 6
    assert "1" in history.milestones
    ledger = read_ledger(vault_folder(workspace.root))
    assert not ledger.tampered
    assert ledger.standing("affairs").state == "opened"


def test_what_is_left_behind_can_be_read(walked: Walked) -> None:
    page = (walked.folder / "evidence.html").read_text()
    assert "http" not in page.replace("http://127.0.0.1:8000", ""), "the page loads nothing"
    assert "<script" not in page
    assert "partial: no container engine" in page
    guide = (walked.folder / "README.md").read_text()
    assert walked.curl in guide
    record = json.loads((walked.folder / "tour.json").read_text())
    assert [step["id"] for step in record["steps"]] == [step.id for step, _, _ in walked.taken]


def test_the_deployed_model_answers_the_very_line_that_is_printed(walked: Walked) -> None:
    port = free_port()
    with running(walked.folder / "affairs", port):
        line = walked.curl.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        if shutil.which("curl"):
            answer = json.loads(subprocess.check_output(shlex.split(line)))
        else:
            words = shlex.split(line)
            request = urllib.request.Request(words[2], words[-1].encode(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as reply:
                answer = json.load(reply)
    assert 0 < answer["probability"] < 1


def test_the_evidence_can_be_examined_again_by_milestone_5_alone(walked: Walked) -> None:
    from gradus.milestones import milestone_file

    workspace = Workspace.find(walked.folder / "workspace")
    stage = load_roadmap().stage(5)
    chosen = tuple(part for part in parts("none") if part.id in ("tracking", "release"))
    report = prove_stage5(stage, workspace, milestone_file(workspace, stage), None, 11, None, chosen=chosen)
    assert walked.evidence is not None
    before = json.loads(walked.evidence.read_text())
    assert report.files == before["files"]
    outcomes = {probe["id"]: probe["outcome"] for probe in before["probes"]}
    assert {probe.id: probe.outcome for probe in report.probes} == {
        name: outcome for name, outcome in outcomes.items() if name.startswith(("tracking.", "release."))
    }


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, notes: Notes) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="holds something"):
        walk(tmp_path, notes)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_earlier_tour_is_left_alone(walked: Walked, notes: Notes) -> None:
    with pytest.raises(UsageError, match="walked here already"):
        walk(walked.folder, notes)
    assert (walked.folder / "evidence.html").is_file()


def test_the_service_runs_until_it_is_told_to_end(walked: Walked) -> None:
    port = free_port()
    command = [sys.executable, "-m", "gradus", "tour", str(walked.folder), "--serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip().startswith("curl"):
                assert f"127.0.0.1:{port}" in line
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=20) as reply:
            assert reply.status == 200
        process.terminate()
        process.wait(30)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5)
