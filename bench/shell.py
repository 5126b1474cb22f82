"""What a person waits for at the shell: start-up of each command, a check, a save in watch mode."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Row, Sample, at_most, timed
from gradus.roadmap import load_roadmap

GRADUS = Path(sys.executable).with_name("gradus")
COMMANDS = [
    ["--version"],
    ["--help"],
    ["next"],
    ["hint", "--help"],
    ["progress"],
    ["plan"],
    ["review", "--list"],
    ["roadmap"],
    ["doctor"],
]


def shell_rows(times: int) -> list[Row]:
    """Start-up of commands, `gradus check` with the host running, and watch mode from save to screen."""
    with tempfile.TemporaryDirectory(prefix="gradus-bench-") as name:
        folder = Path(name) / "work"
        _gradus(["init", str(folder), "--yes", "--no-git"], Path(name))
        solution = load_roadmap().exercise("standardize").solution
        file = next(folder.rglob("standardize.py"))
        file.write_text(solution)
        rows = [
            Row(
                f"`gradus {' '.join(command)}`, p50", f"{timed(lambda c=command: _gradus(c, folder), 7, 1).p50:,.0f} ms"
            )
            for command in COMMANDS
        ]
        check = timed(lambda: _gradus(["check", "standardize"], folder), times, warmup=3)
        rows.append(at_most("`gradus check` from the shell, host running, p50", check.p50, 200, "ms"))
        rows.append(
            at_most("watch mode, from save to verdict on the screen, p50", _watch(folder, file, times).p50, 100, "ms")
        )
    return rows


def _gradus(arguments: list[str], folder: Path) -> None:
    done = subprocess.run([GRADUS, *arguments], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"gradus {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}")


def _watch(folder: Path, file: Path, times: int) -> Sample:
    """Save alternately a right and a wrong file, and wait until the screen shows that save's verdict."""
    right = file.read_text()
    wrong = right.replace("X.mean(axis=0)", "X.mean()")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [GRADUS, "watch", "standardize"],
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"},
        start_new_session=True,
    )
    os.close(slave)
    taken = []
    try:
        _read_until(master, ("Passed", "Not yet"), 30)
        for number in range(times + 2):
            time.sleep(0.4)
            _drain(master)
            start = time.perf_counter()
            unfinished = file.with_suffix(".tmp")
            unfinished.write_text(wrong if number % 2 == 0 else right)
            unfinished.replace(file)
            _read_until(master, ("Not yet",) if number % 2 == 0 else ("Passed",), 10)
            if number >= 2:
                taken.append((time.perf_counter() - start) * 1000)
    finally:
        process.terminate()
        process.wait(10)
        os.close(master)
        file.write_text(right)
    return Sample(tuple(taken))


def _read_until(master: int, words: tuple[str, ...], seconds: float) -> None:
    text, deadline = "", time.monotonic() + seconds
    while not any(word in text for word in words):
        ready, _, _ = select.select([master], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise RuntimeError(f"the screen never showed {' or '.join(words)}; it shows:\n{text[-2000:]}")
        text += os.read(master, 65536).decode(errors="replace")


def _drain(master: int) -> None:
    while select.select([master], [], [], 0)[0]:
        os.read(master, 65536)
