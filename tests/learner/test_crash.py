"""`kill -9` in the middle of writing: what was acknowledged is there, exactly once."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gradus.learner import Store

ROUNDS = 20


def write_until_killed(path: Path, name: str) -> tuple[int, int]:
    """Fork a writer that acknowledges each attempt on a pipe; return its process id and the pipe's reading end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        store, n = Store(path, backups=False), 0
        while True:
            body = f"{name} {n}".encode()
            store.append("attempt", name, {"n": n}, at=datetime.now(UTC), source=body, verdict={"n": n})
            os.write(writing, f"{n}\n".encode())
            n += 1
    finally:
        os._exit(1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_every_acknowledged_attempt_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / ".gradus" / "store.sqlite3"
    Store(path, backups=False).close()
    acknowledged: dict[str, int] = {}
    for turn in range(ROUNDS):
        writers = {name: write_until_killed(path, name) for name in (f"r{turn}w0", f"r{turn}w1")}
        first = {name: os.read(reading, 2) for name, (_, reading) in writers.items()}
        assert set(first.values()) == {b"0\n"}
        time.sleep(0.003 * (turn % 10))  # dies at another moment each time
        for child, _ in writers.values():
            os.kill(child, signal.SIGKILL)
        for name, (child, reading) in writers.items():
            os.waitpid(child, 0)
            with os.fdopen(reading) as pipe:
                lines = [line for line in pipe.read().split("\n")[:-1] if line]
            acknowledged[name] = int(lines[-1]) if lines else 0
    with Store(path) as store:
        assert store.notices == []
        events, _ = store.events()
        for name, last in acknowledged.items():
            numbers = [event.data["n"] for event in events if event.subject == name]
            assert numbers == list(range(len(numbers)))
            assert len(numbers) > last
        for event in events:
            assert store.source(str(event.source)) == f"{event.subject} {event.data['n']}".encode()
        assert store.verdict(events[-1].id) == {"n": events[-1].data["n"]}
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_log_torn_at_its_tail_loses_at_most_what_was_not_acknowledged(tmp_path: Path) -> None:
    """Power is cut while a frame is written: the file as it was before, plus a half-written log."""
    path, copy = tmp_path / "a" / "store.sqlite3", tmp_path / "b" / "store.sqlite3"
    with Store(path, backups=False) as store:
        for n in range(20):
            store.append("hint", "add", {"n": n}, at=datetime.now(UTC))
        settled = {name: (path.parent / name).read_bytes() for name in ("store.sqlite3", "store.sqlite3-wal")}
        store.append("hint", "add", {"n": 20}, at=datetime.now(UTC))
        log = (path.parent / "store.sqlite3-wal").read_bytes()
    known = len(settled["store.sqlite3-wal"])
    for cut in (known, known + 1, known + 24, known + 4000, len(log) - 1):
        copy.parent.mkdir(exist_ok=True)
        for leftover in copy.parent.iterdir():
            leftover.unlink()
        copy.write_bytes(settled["store.sqlite3"])
        copy.with_name("store.sqlite3-wal").write_bytes(log[:cut])
        with Store(copy, backups=False) as torn:
            numbers = [event.data["n"] for event in torn.events()[0]]
            assert numbers[:20] == list(range(20))
            assert torn.notices == []
