"""``gradus check`` as programs rely on it: exit codes, JSON, the background host behind it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Gradus = Callable[..., "subprocess.CompletedProcess[str]"]
KEYS = {
    "exercise", "outcome", "seed", "source_sha256", "headline", "diagnosis", "findings", "ran", "milliseconds",
    "isolation", "stdout",
}  # fmt: skip

DOUBLED = "import numpy as np\n\n\ndef doubled(x):\n    return 2 * x\n"
SQUARED = DOUBLED.replace("2 * x", "x**2")
RAISING = DOUBLED.replace("2 * x", "2 * y")
BROKEN = DOUBLED.replace("2 * x", "(2 * x")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the host needs Unix sockets")


@pytest.fixture(scope="module")
def hosted(gradus: Gradus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradus]:
    """The command with a background host of its own, ended afterwards."""
    runtime = tmp_path_factory.mktemp("r")
    runtime.chmod(0o700)

    def run(*args: str, **changes: Any) -> subprocess.CompletedProcess[str]:
        return gradus(*args, **{"GRADUS_NO_HOST": "0", "XDG_RUNTIME_DIR": str(runtime), **changes})

    yield run
    run("host", "stop")


def status(hosted: Gradus) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(hosted("host", "status").stdout)
    return answer


@pytest.mark.parametrize(
    ("source", "outcome", "code"),
    [
        (DOUBLED, "passed", 0),
        (SQUARED, "not_yet", 1),
        (BROKEN, "broken", 1),
        (RAISING, "not_yet", 1),
        (DOUBLED.replace("return 2 * x", "raise NotImplementedError"), "unstarted", 1),
        ("", "broken", 1),
    ],
)
def test_outcomes_and_exit_codes(
    hosted: Gradus, workspace: Path, doubled: Path, source: str, outcome: str, code: int
) -> None:
    doubled.write_text(source)
    done = hosted("check", "doubled", "--json", cwd=workspace)
    verdict = json.loads(done.stdout)
    assert verdict["outcome"] == outcome
    assert done.returncode == code
    assert set(verdict) >= KEYS
    assert verdict["exercise"] == "doubled"
    assert set(verdict["ran"]) == {"checks", "cases"}
    assert set(verdict["milliseconds"]) == {"queue", "run", "total"}


def test_a_known_mistake_is_named_on_the_screen(hosted: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(SQUARED)
    done = hosted("check", "doubled", cwd=doubled.parent)
    assert done.returncode == 1
    assert "Your entries are squared, not doubled." in done.stdout
    assert "expected" in done.stdout
    assert "gradus hint doubled" in done.stdout


def test_a_seed_replays_the_same_inputs(hosted: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(SQUARED)
    runs = [json.loads(hosted("check", "doubled", "--seed", "7", "--json", cwd=workspace).stdout) for _ in range(2)]
    assert runs[0]["seed"] == runs[1]["seed"] == 7
    assert runs[0]["findings"] == runs[1]["findings"]


def test_a_path_names_its_exercise(hosted: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(DOUBLED)
    assert json.loads(hosted("check", "doubled.py", "--json", cwd=doubled.parent).stdout)["exercise"] == "doubled"
    stranger = workspace / "notes.py"
    stranger.write_text("x = 1\n")
    done = hosted("check", "notes.py", cwd=workspace)
    assert done.returncode == 2
    assert "belongs to no exercise" in done.stderr


def test_another_file_can_be_checked(hosted: Gradus, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "try.py"
    file.write_text(DOUBLED)
    assert hosted("check", "doubled", "--file", str(file), cwd=workspace).returncode == 0
    assert hosted("check", "doubled", "--file", str(tmp_path / "none.py"), cwd=workspace).returncode == 2


def test_outside_a_workspace_a_file_is_checked_and_nothing_recorded(hosted: Gradus, tmp_path: Path) -> None:
    file = tmp_path / "doubled.py"
    file.write_text(DOUBLED)
    assert hosted("check", "doubled", "--file", str(file), cwd=tmp_path).returncode == 0
    assert hosted("check", "doubled.py", cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == [file]
    assert hosted("check", "doubled", cwd=tmp_path).returncode == 2


def test_without_a_host_the_verdict_is_the_same(gradus: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(SQUARED)
    done = gradus("check", "doubled", "--json", cwd=workspace)
    assert done.returncode == 1
    assert json.loads(done.stdout)["diagnosis"]["id"] == "squared"


def test_figures_are_kept_beside_the_record(hosted: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(f"import matplotlib.pyplot as plt\n{DOUBLED}\nplt.plot([1, 2])\n")
    done = hosted("check", "doubled", cwd=workspace)
    assert ".gradus/figures/doubled-1.png" in done.stdout
    assert (workspace / ".gradus/figures/doubled-1.png").read_bytes().startswith(b"\x89PNG")


def test_after_a_pass_ways_are_shown(hosted: Gradus, workspace: Path, doubled: Path) -> None:
    doubled.write_text(DOUBLED)
    assert hosted("check", "doubled", cwd=workspace).returncode == 0
    done = hosted("ways", "doubled", cwd=workspace)
    assert done.returncode == 0
    assert "return x + x" in done.stdout
    assert hosted("solution", "doubled", cwd=workspace).returncode == 0


class TestHost:
    def test_a_check_starts_it_and_others_use_it(self, hosted: Gradus, workspace: Path, doubled: Path) -> None:
        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        first = status(hosted)
        hosted("next", cwd=workspace)
        hosted("check", "doubled", cwd=workspace)
        assert status(hosted)["pid"] == first["pid"]

    def test_killed_the_next_command_works(self, hosted: Gradus, workspace: Path, doubled: Path) -> None:
        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        pid = status(hosted)["pid"]
        os.kill(pid, signal.SIGKILL)
        assert hosted("next", cwd=workspace).returncode == 0
        assert hosted("check", "doubled", cwd=workspace).returncode == 0
        assert status(hosted)["pid"] != pid

    def test_killed_in_mid_check_the_check_is_done_again(
        self, hosted: Gradus, workspace: Path, doubled: Path, environment: dict[str, str]
    ) -> None:
        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        before = status(hosted)["pid"]
        doubled.write_text("import time\n" + DOUBLED.replace("return", "time.sleep(0.4); return"))
        code = (
            "import os, signal, threading, sys\n"
            f"threading.Timer(0.5, os.kill, ({before}, signal.SIGKILL)).start()\n"
            "from gradus.cli.main import run\nsys.exit(run(['check', 'doubled']))"
        )
        runtime = json.loads(hosted("host", "status").stdout)["socket"].rsplit("/", 2)[0]
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=workspace, capture_output=True, text=True, timeout=120, check=False,
            env={**environment, "GRADUS_NO_HOST": "0", "XDG_RUNTIME_DIR": runtime},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Passed" in done.stdout
        assert status(hosted)["pid"] != before

    def test_nobody_else_can_open_its_socket(self, hosted: Gradus, workspace: Path, doubled: Path) -> None:
        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        socket = Path(status(hosted)["socket"])
        assert socket.stat().st_mode & 0o077 == 0
        assert socket.parent.stat().st_mode & 0o077 == 0
        assert socket.with_suffix(".token").stat().st_mode & 0o077 == 0

    def test_a_wrong_token_is_refused(self, hosted: Gradus, workspace: Path, doubled: Path) -> None:
        import socket

        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(status(hosted)["socket"])
            connection.sendall(b'{"what": "stop", "token": "wrong"}\n')
            assert b"token is wrong" in connection.makefile("rb").readline()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(status(hosted)["socket"])
            connection.sendall(b"not json\n")
            assert b"error" in connection.makefile("rb").readline()

    def test_it_leaves_when_told(self, hosted: Gradus, workspace: Path, doubled: Path) -> None:
        doubled.write_text(DOUBLED)
        hosted("check", "doubled", cwd=workspace)
        assert hosted("host", "stop").stdout.strip() == "Ended."
        for _ in range(100):
            if "pid" not in status(hosted):
                break
            time.sleep(0.1)
        assert "pid" not in status(hosted)

    def test_it_leaves_when_idle(self, environment: dict[str, str], tmp_path: Path) -> None:
        runtime = tmp_path / "r"
        runtime.mkdir(mode=0o700)
        done = subprocess.run(
            [sys.executable, "-m", "gradus", "host", "--idle", "0.2"],
            env={**environment, "XDG_RUNTIME_DIR": str(runtime)},
            timeout=60, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert [path.suffix for path in (runtime / "gradus").iterdir()] == [".lock"]
