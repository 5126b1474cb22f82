"""Milestone 5 is a project: how it is laid out and found, how the provers are put together, what the evidence holds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.learner import Workspace
from gradus.milestones import lay_out_milestone
from gradus.milestones.report import Probe, sha256
from gradus.milestones.stage5 import Part, examine, named, parts
from gradus.milestones.stage5_proving import hashes, project_folder, prove_stage5
from gradus.roadmap import Stage, load_roadmap


@pytest.fixture
def stage() -> Stage:
    return load_roadmap().stage(5)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "work", git=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "service"
    (folder / "model").mkdir(parents=True)
    (folder / "service.toml").write_text(
        '[service]\nmodel = ["model/model.bin"]\n[tracking]\nartifact = "model/model.bin"\n'
    )
    (folder / "model" / "model.bin").write_bytes(b"weights")
    (folder / ".gitignore").write_text("model/\n")
    (folder / "app.py").write_text("app = None\n")
    git = ["git", "-c", "user.name=learner", "-c", "user.email=learner@example.invalid"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "First"]):
        subprocess.run([*git, *words], cwd=folder, check=True, capture_output=True)
    return folder


def says(*probes: Probe, error: str = "") -> Part:
    def prove(folder: Path, rng: np.random.Generator) -> Iterator[Probe]:
        yield from probes
        yield Probe("drew", "What was drawn", "passed", "", {"number": int(rng.integers(10**9))})
        if error:
            raise UsageError(error, next_step="Mend it.")

    return Part("service", "the service", prove)


def test_the_task_and_a_file_that_names_the_project_are_laid_out(stage: Stage, workspace: Workspace) -> None:
    path, is_new = lay_out_milestone(workspace, stage)
    assert is_new
    assert path.name == "milestone.toml"
    assert "service.toml" in path.with_suffix(".md").read_text()
    assert lay_out_milestone(workspace, stage) == (path, False)
    assert not (path.parent / "milestone.py").exists()


def test_what_names_no_project_is_said_in_words(stage: Stage, workspace: Workspace, project: Path) -> None:
    path, _ = lay_out_milestone(workspace, stage)
    with pytest.raises(UsageError, match="folder is not there"):
        project_folder(path, None)
    path.write_text('project = "../../service"')
    assert project_folder(path, None) == project.resolve()
    (project / "service.toml").unlink()
    with pytest.raises(UsageError, match=r"no service\.toml"):
        project_folder(path, None)
    path.write_text("project = 3")
    with pytest.raises(UsageError, match="No project is named"):
        project_folder(path, None)
    path.write_text("project = ")
    with pytest.raises(UsageError, match="not valid TOML"):
        project_folder(path, None)


def test_every_prover_is_asked_in_order() -> None:
    assert [part.id for part in parts()] == ["tracking", "reproduce", "service", "container", "monitor", "release"]


def test_probes_get_the_provers_name() -> None:
    part = says()
    assert [named(part, name) for name in ("parity", "service.parity", "service_parity")] == ["service.parity"] * 3


def test_a_prover_that_stops_leaves_the_others_their_turn(project: Path) -> None:
    probes = list(examine(project, 1, (says(error="The engine is gone."), says())))
    assert [(probe.id, probe.outcome) for probe in probes] == [
        ("service.drew", "passed"), ("service.examined", "failed"), ("service.drew", "passed"),
    ]  # fmt: skip
    assert probes[1].message == "The engine is gone. Mend it."


def test_a_prover_draws_the_same_whatever_ran_before(project: Path) -> None:
    alone = list(examine(project, 5, (says(),)))
    other = Part("monitor", "the monitor", says().prove)
    after = list(examine(project, 5, (other, says())))
    assert alone[0].measured == after[1].measured != after[0].measured
    assert next(iter(examine(project, 6, (says(),)))).measured != alone[0].measured


def test_the_hashes_cover_what_is_committed_and_what_is_deployed(project: Path) -> None:
    found = hashes(project)
    assert found["app.py"] == sha256(b"app = None\n")
    assert found["model/model.bin"] == sha256(b"weights")
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=project, text=True).strip()
    assert found["git revision"] == head


def test_the_evidence_is_partial_without_an_engine(stage: Stage, workspace: Workspace, project: Path) -> None:
    path, _ = lay_out_milestone(workspace, stage)
    missing = Probe("engine", "An engine is there", "not_applicable", "partial: no container engine")
    seen: list[Probe] = []
    report = prove_stage5(stage, workspace, path, project, 3, seen.append, chosen=(says(missing),))
    assert report.outcome == "partial"
    assert [probe.id for probe in seen] == ["service.engine", "service.drew"]
    assert report.evidence is not None
    written = json.loads(report.evidence.read_text())
    assert written["outcome"] == "partial"
    assert written["probes"][0]["message"] == "partial: no container engine"
    assert written["files"]["service.toml"] == sha256((project / "service.toml").read_bytes())
    again = prove_stage5(stage, workspace, path, project, 3, None, chosen=(says(missing),))
    assert [probe.measured for probe in again.probes] == [probe.measured for probe in report.probes]
