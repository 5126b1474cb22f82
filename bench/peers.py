"""The same exercise and checks through pytest, nbgrader and otter-grader, each as its documentation says to run it.

The peers live in an environment of their own (``bench/peers.txt``), made on the first run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from bench.measure import ONE_THREAD, Sample, timed
from gradus.roadmap import load_roadmap

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv-peers"


def measure_peers(times: int) -> dict[str, Sample]:
    """Whole-process wall time of each peer, from start to verdict, on a correct submission."""
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="gradus-bench-") as name:
        folder = Path(name)
        return {
            "pytest, cold": _pytest(folder / "pytest", python, times * 2),
            "nbgrader autograde": _nbgrader(folder / "nbgrader", python, times),
            "otter check": _otter(folder / "otter", python, times),
        }


def _environment() -> Path:
    python = ENVIRONMENT / "bin" / "python"
    lock = HERE / "peers.txt"
    stamp = ENVIRONMENT / "installed-lock"
    if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
        stamp.write_bytes(lock.read_bytes())
    return python


def _run(command: list[str | Path], folder: Path) -> str:
    path = f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | ONE_THREAD | {"PATH": path, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        timeout=180,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def _solution() -> str:
    return load_roadmap().exercise("standardize").solution


def _tests() -> str:
    return (HERE / "peer_files" / "test_standardize.py").read_text()


def _pytest(folder: Path, python: Path, times: int) -> Sample:
    folder.mkdir()
    (folder / "standardize.py").write_text(_solution())
    (folder / "test_standardize.py").write_text(_tests())

    def run() -> None:
        if "7 passed" not in _run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder):
            raise RuntimeError("pytest did not run the seven checks")

    return timed(run, times, warmup=1)


def _body() -> str:
    """The tests without pytest: reference, cases, comparisons, to run in one cell."""
    lines = [
        line
        for line in _tests().splitlines()
        if not line.startswith(('"""', "import pytest", "from standardize", "@pytest"))
    ]
    calls = ["for X in tables(np.random.default_rng()):", "    test_equals_the_reference(X)", "test_shift_and_scale()"]
    return "\n".join([*lines, "", *calls])


def _notebook(cells: list[tuple[str, dict[str, Any]]]) -> str:
    made = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": metadata,
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, (source, metadata) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def _nbgrader(folder: Path, python: Path, times: int) -> Sample:
    answer = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False}
    tests = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False, "points": 7}
    source = [
        (_solution(), {"nbgrader": answer | {"grade_id": "answer"}}),
        (_body(), {"nbgrader": tests | {"grade_id": "tests"}}),
    ]
    for place in ("source/ps1", "submitted/learner/ps1"):
        (folder / place).mkdir(parents=True)
        (folder / place / "standardize.ipynb").write_text(_notebook(source))
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    nbgrader: list[str | Path] = [python, "-m", "nbgrader"]
    _run([*nbgrader, "generate_assignment", "ps1", "--force"], folder)

    def run() -> None:
        _run([*nbgrader, "autograde", "ps1", "--student", "learner", "--force"], folder)

    sample = timed(run, times, warmup=1)
    score = """
        from nbgrader.api import Gradebook
        with Gradebook("sqlite:///gradebook.db") as book:
            print(book.find_submission("ps1", "learner").score)
    """
    if "7.0" not in _run([python, "-c", textwrap.dedent(score)], folder):
        raise RuntimeError("nbgrader did not give full marks to the reference")
    return sample


def _otter(folder: Path, python: Path, times: int) -> Sample:
    (folder / "tests").mkdir(parents=True)
    (folder / "standardize.ipynb").write_text(_notebook([(_solution(), {})]))
    prompt = "\n".join(_doctest(_body()))
    suite = {"cases": [{"code": prompt, "hidden": False, "locked": False}], "scored": True, "type": "doctest"}
    test = {"name": "standardize", "points": 7, "suites": [suite]}
    (folder / "tests" / "standardize.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")

    def run() -> None:
        output = _run([python, "-m", "otter", "check", "standardize.ipynb", "-q", "standardize"], folder)
        if "passed" not in output.lower():
            raise RuntimeError(f"otter did not pass the reference:\n{output}")

    return timed(run, times, warmup=1)


def _doctest(source: str) -> list[str]:
    """Source as doctest prompts: one block per top-level statement."""
    lines: list[str] = []
    for line in source.splitlines():
        if line.strip() and not line.startswith((" ", ")")):
            lines.append(f">>> {line}")
        else:
            lines.append(f"... {line}".rstrip())
    return lines
