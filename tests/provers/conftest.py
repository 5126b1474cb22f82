"""The reference project of milestone 5, built once: trained, tracked, registered, committed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradus.projects.environment import TELEMETRY_OFF
from gradus.provers.apart import THREADS
from gradus.roadmap import find_curriculum

GIT = ["git", "-c", "user.name=learner", "-c", "user.email=learner@example.invalid", "-c", "commit.gpgsign=false"]


def commit(folder: Path, message: str = "What is deployed") -> None:
    """Commit everything in ``folder`` that git does not ignore."""
    if not (folder / ".git").exists():
        subprocess.run([*GIT, "init", "--quiet", "--initial-branch=main", "."], cwd=folder, check=True)
    subprocess.run([*GIT, "add", "--all"], cwd=folder, check=True)
    subprocess.run([*GIT, "commit", "--quiet", "--allow-empty", "--message", message], cwd=folder, check=True)


def run(folder: Path, *command: str) -> None:
    """Run one of the project's own commands."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    words = [sys.executable if word == "python" else word for word in command]
    subprocess.run(
        words, cwd=folder, check=True, capture_output=True, env={**os.environ, **TELEMETRY_OFF, **THREADS, "PATH": path}
    )


@pytest.fixture(scope="session")
def made_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained and committed copy of the reference project. Copy it before you change anything."""
    pytest.importorskip("mlflow", reason="the extra “mlops” is not installed")
    folder = tmp_path_factory.mktemp("made") / "affairs"
    shutil.copytree(find_curriculum() / "5-mlops" / "milestone" / "reference", folder)
    commit(folder, "The project")
    run(folder, "python", "prepare.py")
    run(folder, "python", "train.py")
    run(folder, "python", "gate.py", "--promote")
    commit(folder)
    return folder


@pytest.fixture
def project(made_project: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(made_project, tmp_path / "affairs"))
