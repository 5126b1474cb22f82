"""A short road of its own, so that these tests do not depend on the curriculum being written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROAD = Path(__file__).parent / "road"
Gradus = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a command sees: our road, no colors, folders of its own."""
    home = tmp_path_factory.mktemp("home")
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "PYTHONUTF8": "1",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "GRADUS_CURRICULUM": str(ROAD),
        "GRADUS_NO_HOST": "1",
        "GRADUS_WATCH_SOURCES": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TERM": "xterm-256color",
    }


@pytest.fixture(scope="session")
def gradus(environment: dict[str, str]) -> Gradus:
    """Run the command in a process of its own."""

    def run(*args: str, cwd: Path | None = None, stdin: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gradus", *args],
            cwd=cwd, input=stdin, env={**environment, **changes}, capture_output=True, text=True, encoding="utf-8",
            errors="surrogateescape", timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def workspace(gradus: Gradus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that the tests of one module share."""
    folder = tmp_path_factory.mktemp("learner") / "work"
    done = gradus("init", str(folder), "--yes", "--no-git")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def doubled(workspace: Path) -> Iterator[Path]:
    """The learner's file of the exercise ``doubled``, put back afterwards."""
    file = workspace / "1-first-steps" / "1-arrays" / "doubled.py"
    before = file.read_bytes()
    yield file
    file.write_bytes(before)
