"""`kill -9` in the middle of writing: what was acknowledged is there, exactly once."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gradus.learner import Store, backup
from gradus.learner.database import check_health

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


DANGEROUS = {"open", "os.rename", "os.link", "os.remove", "os.truncate", "shutil.copyfile", "sqlite3.connect"}


def dies_at(step: int, work: Callable[[], object]) -> bool:
    """Run ``work`` in a forked process that is killed at its ``step``-th touch of a file; whether it got through."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status == 0
    try:
        left = itertools.count(1)

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event in DANGEROUS and next(left) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def steps(work: Callable[[], object], prepare: Callable[[], None]) -> Iterator[int]:
    """Kill ``work`` at its first touch of a file, its second, … until it gets through."""
    importlib.import_module("alembic.command")  # so that importing it is not among the steps
    for step in range(1, 200):
        prepare()
        through = dies_at(step, work)
        yield step
        if through:
            return
    raise AssertionError("it never got through")


def numbers(path: Path) -> list[int]:
    with Store(path, backups=False) as store:
        return [event.data["n"] for event in sorted(store.events()[0], key=lambda event: event.order)]


def opened(path: Path) -> None:
    Store(path, backups=False).close()


def written(path: Path, first: int, last: int) -> None:
    with Store(path, backups=False) as store:
        for n in range(first, last):
            store.append("hint", "add", {"n": n}, at=datetime.now(UTC))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("with_backup", [True, False])
def test_a_restoration_killed_at_any_step_is_finished_later(tmp_path: Path, with_backup: bool) -> None:
    source, path = tmp_path / "source" / "store.sqlite3", tmp_path / "ml" / "store.sqlite3"
    written(source, 0, 10)
    saved = backup.back_up(source) if with_backup else None
    written(source, 10, 200)
    body = bytearray(source.read_bytes())
    body[-4096:] = b"\xa5" * 4096  # the last page is gone, the rest still reads
    survivors: set[tuple[int, ...]] = set()

    def prepare() -> None:
        shutil.rmtree(path.parent, ignore_errors=True)
        backup.folder_of(path).mkdir(parents=True)
        if saved is not None:
            shutil.copyfile(saved, backup.folder_of(path) / saved.name)
        path.write_bytes(body)

    kills = 0
    for _ in steps(lambda: opened(path), prepare):
        kills += 1
        survivors.add(tuple(numbers(path)))
        assert not backup.restored_file(path).exists()
    assert kills > 10
    assert len(survivors) == 1  # the same record, wherever it was killed
    (kept,) = survivors
    assert set(range(10)) <= set(kept)
    assert len(kept) > 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_first_opening_killed_at_any_step_leaves_a_usable_record(tmp_path: Path) -> None:
    path = tmp_path / "ml" / "store.sqlite3"
    for _ in steps(lambda: opened(path), lambda: shutil.rmtree(path.parent, ignore_errors=True)):
        written(path, 0, 1)
        assert numbers(path) == [0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_backup_killed_at_any_step_leaves_only_whole_backups(tmp_path: Path) -> None:
    path = tmp_path / "ml" / "store.sqlite3"
    written(path, 0, 20)
    for _ in steps(lambda: backup.back_up(path), lambda: None):
        for made in backup.backups(path):
            check_health(made)
    assert numbers(path) == list(range(20))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_many_processes_begin_one_record_together(tmp_path: Path) -> None:
    path = tmp_path / "ml" / "store.sqlite3"
    children = []
    for n in range(6):
        child = os.fork()
        if not child:
            try:
                written(path, n, n + 1)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
    assert sorted(numbers(path)) == list(range(6))
