"""Watch mode on a real pseudo-terminal: save a file, see the verdict replaced, press keys."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

Gradus = Callable[..., "subprocess.CompletedProcess[str]"]
SQUARED = "import numpy as np\n\n\ndef doubled(x):\n    return x**2\n"
DOUBLED = SQUARED.replace("x**2", "2 * x")
PATIENCE = 60


@pytest.fixture(scope="module")
def surroundings(
    environment: dict[str, str], gradus: Gradus, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """An environment with a background host of its own, ended afterwards."""
    runtime = tmp_path_factory.mktemp("w")
    runtime.chmod(0o700)
    changed = {**environment, "GRADUS_NO_HOST": "0", "XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8"}
    yield changed
    gradus("host", "stop", GRADUS_NO_HOST="0", XDG_RUNTIME_DIR=str(runtime))


@pytest.fixture
def spawn(surroundings: dict[str, str], workspace: Path) -> Iterator[Callable[..., Any]]:
    """Start ``gradus watch`` on a pseudo-terminal."""
    children = []

    def start(*args: str, columns: int = 90, **changes: str) -> Any:
        child = pexpect.spawn(
            sys.executable, ["-m", "gradus", "watch", *args], cwd=str(workspace), env={**surroundings, **changes},
            dimensions=(30, columns), timeout=PATIENCE, encoding="utf-8", codec_errors="replace",
        )  # fmt: skip
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def save(file: Path, text: str) -> None:
    """Save as editors do: into a new file that takes the old one's place."""
    fresh = file.with_name(f".{file.name}.swp")
    fresh.write_text(text)
    fresh.replace(file)


def test_saving_replaces_the_verdict_and_keys_work(spawn: Callable[..., Any], doubled: Path) -> None:
    child = spawn("doubled")
    child.expect_exact("\x1b[?1049h")
    child.expect("Write .*doubled.py")
    child.expect("quit")
    save(doubled, SQUARED)
    child.expect("squared, not doubled")
    save(doubled, DOUBLED)
    child.expect("Passed")
    child.send("t")
    child.expect("every entry of")
    child.send("l")
    child.expect("whole")
    child.send("s")
    child.expect("reference solution")
    child.send("r")
    child.expect("Passed")
    child.send("n")
    child.expect("Center the columns")
    child.send("h")
    child.expect("Hint 1 of 3")
    child.send("q")
    child.expect_exact("\x1b[?1049l")
    child.expect("centered")
    child.expect("gradus watch")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0


def test_resizing_lays_the_page_out_anew(spawn: Callable[..., Any], doubled: Path) -> None:
    child = spawn("doubled")
    child.expect("quit")
    child.setwinsize(20, 40)
    child.expect("─{40}\x1b")
    child.setwinsize(6, 20)
    child.expect("─{20}\x1b")
    child.send("q")
    child.expect(pexpect.EOF)


def test_ctrl_c_leaves_cleanly(spawn: Callable[..., Any], doubled: Path) -> None:
    child = spawn("doubled")
    child.expect("quit")
    child.sendintr()
    child.expect_exact("\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.wait()
    assert "Traceback" not in (child.before or "")


def test_suspended_and_woken_it_goes_on(spawn: Callable[..., Any], doubled: Path) -> None:
    child = spawn("doubled")
    child.expect("quit")
    child.kill(signal.SIGTSTP)
    child.expect_exact("\x1b[?1049l")
    time.sleep(0.2)
    child.kill(signal.SIGCONT)
    child.expect_exact("\x1b[?1049h")
    child.expect("quit")
    child.send("q")
    child.expect_exact("\x1b[?1049l")


@pytest.mark.parametrize("changes", [{"TERM": "dumb"}, {"ARGUMENT": "--plain"}])
def test_dumb_terminals_get_plain_lines(spawn: Callable[..., Any], doubled: Path, changes: dict[str, str]) -> None:
    arguments = ["doubled", *([changes.pop("ARGUMENT")] if "ARGUMENT" in changes else [])]
    child = spawn(*arguments, NO_COLOR="1", **changes)
    child.expect("Save the file")
    assert "\x1b" not in child.before
    save(doubled, SQUARED)
    child.expect("squared, not doubled")
    assert "\x1b" not in child.before
    child.sendintr()
    child.expect(pexpect.EOF)


def test_in_a_pipe_it_prints_one_verdict_after_another(
    surroundings: dict[str, str], workspace: Path, doubled: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gradus", "watch", "doubled", "--poll"], cwd=workspace, env=surroundings,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    try:
        read = _reader(process)
        read("Save the file")
        time.sleep(0.6)
        doubled.write_text(SQUARED)
        read("squared, not doubled")
        doubled.write_text(DOUBLED)
        read("Passed")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    finally:
        process.kill()


def _reader(process: subprocess.Popen[str]) -> Callable[[str], None]:
    def read(wanted: str) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            assert "\x1b" not in line
            if wanted in line:
                return
        raise AssertionError(f"{wanted!r} never came")

    return read
