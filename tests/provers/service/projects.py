"""The corpus as projects: one honest base, and what each planted fault or other honest way changes in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np

from gradus.provers import Probe
from gradus.provers.service import Burst, examine

CORPUS = Path(__file__).parent / "corpus"
BASE = CORPUS / "base"
FAULTS = sorted(path.stem for path in (CORPUS / "faults").glob("*.toml"))
HONEST = sorted(path.name for path in (CORPUS / "honest").glob("*"))

#: As short as still tells: the corpus is about names, not about figures.
SHORT = Burst(
    levels=(1, 6),
    requests=60,
    seconds=5.0,
    memory_rounds=3,
    memory_requests=60,
    examples=8,
    ceiling_seconds=0.1,
    grace=4.0,
)
ROWS = 40


def _base(project: Path) -> None:
    """The base, as a clone that is at some commit."""
    shutil.copytree(BASE, project)
    (project / ".git").mkdir()
    (project / ".git" / "HEAD").write_text("2b7e151628aed2a6abf7158809cf4f3c762e7160\n")


def planted(name: str, folder: Path) -> Path:
    """The base with one fault planted. Every text that is replaced must be there, once."""
    project = folder / name
    _base(project)
    fault = tomllib.loads((CORPUS / "faults" / f"{name}.toml").read_text())
    for change in fault["change"]:
        path = project / change["file"]
        source = path.read_text()
        assert source.count(change["old"]) == 1, f"{name}: {change['file']} has changed"
        path.write_text(source.replace(change["old"], change["new"]))
    return project


def honest(name: str, folder: Path) -> Path:
    """The base with the files of another honest way over it; ``make.py``, where there is one, makes its model."""
    project = folder / name
    _base(project)
    shutil.copytree(CORPUS / "honest" / name, project, dirs_exist_ok=True)
    if (project / "make.py").exists():
        subprocess.run([sys.executable, "make.py"], cwd=project, check=True, capture_output=True)
    return project


def probes(project: Path, burst: Burst = SHORT, seed: int = 0) -> list[Probe]:
    """The examination, up to the first failed probe."""
    found = []
    for probe in examine(project, rows=ROWS, burst=burst, rng=np.random.default_rng(seed)):
        found.append(probe)
        if probe.outcome == "failed":
            break
    return found
