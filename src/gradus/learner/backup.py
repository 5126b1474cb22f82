"""Backups of the database, and what is done when it is damaged. Nothing is ever reset silently."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gradus.errors import StoreError
from gradus.learner.database import (
    DamagedError,
    check_health,
    closing_connection,
    companions,
    in_words,
    intact,
    sync_folder,
)
from gradus.learner.events import checksum

EVERY_SECONDS = 300
_RECENT, _DAILY = 4, 7
_ROW = "id, learner, kind, subject, at, tick, data, source, crc"
_MOST_PROBES = 20_000


def folder_of(path: Path) -> Path:
    """Where the backups of a database lie."""
    return path.with_name("backups")


def backups(path: Path) -> list[Path]:
    """The backups, newest first."""
    return sorted(folder_of(path).glob("store-*.sqlite3"), reverse=True)


def is_due(path: Path) -> bool:
    """Whether the last backup is older than five minutes, or none was made."""
    newest = next(iter(backups(path)), None)
    return newest is None or not 0 <= time.time() - newest.stat().st_mtime < EVERY_SECONDS


def back_up(path: Path) -> Path:
    """Copy the database while it may be in use; keep the newest few and one a day. Raises StoreError.

    The copy is checked before it may push out an older one, so damage cannot spread into every backup.
    """
    folder = folder_of(path)
    with in_words(path):
        folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        target, part = folder / f"store-{stamp}.sqlite3", folder / f"part-{uuid.uuid4().hex}.sqlite3"
        try:
            with closing_connection(path) as source, closing_connection(part, read_only=False) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE").fetchall()
            check_health(part)
            _sync(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(folder)
        _rotate(path)
    return target


def _rotate(path: Path) -> None:
    days: set[str] = set()
    for position, backup in enumerate(backups(path)):
        day = backup.name.removeprefix("store-")[:8]
        keep = position < _RECENT or (day not in days and len(days) < _DAILY)
        days.add(day)
        if not keep:
            backup.unlink(missing_ok=True)
    for leftover in folder_of(path).glob("part-*"):  # of a process that was killed while it copied
        if time.time() - leftover.stat().st_mtime > EVERY_SECONDS:
            leftover.unlink(missing_ok=True)


def restore(path: Path) -> str:
    """Replace a damaged (or vanished) database by the newest sound backup plus every event that can still be read.

    The damaged file is kept beside it. Returns the sentence that tells the learner. Raises DamagedError when there is
    neither a backup nor a readable event. The caller holds the lock, alone. A process killed at any point leaves either
    the damaged file in its place, or a finished `restored_file` that `finish_restoring` puts there.
    """
    with in_words(path):
        damaged = _keep_aside(path)
        base = _newest_sound(path)
        rescued = list(_readable(damaged)) if damaged else []
        if base is None and not rescued:
            _forget(damaged)
            raise DamagedError(
                "Your record is damaged and there is no backup of it.",
                str(path),
                "Move the file away to start a new record, then `gradus import` an export if you have one.",
            )
        part = path.with_name(f"part-{uuid.uuid4().hex}.sqlite3")
        try:
            _build(part, base)
            added = _insert(part, rescued)
            _sync(part)
            part.replace(restored_file(path))
        finally:
            _forget(part)
        finish_restoring(path)
        return _sentence(path, damaged, base, added)


def restored_file(path: Path) -> Path:
    """Where a finished restoration waits for the moment in which it takes the damaged file's place."""
    return path.with_name("restored.sqlite3")


def finish_restoring(path: Path) -> None:
    """Put a finished restoration in its place. The caller holds the lock, alone."""
    for companion in companions(path):  # the old log must never be replayed over the new file
        companion.unlink(missing_ok=True)
    restored_file(path).replace(path)
    sync_folder(path.parent)


def _keep_aside(path: Path) -> Path | None:
    """Give the damaged file (and its log) a second name; the first one stays until it is replaced."""
    if not path.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    damaged = path.with_name(f"damaged-{stamp}.sqlite3")
    for mine, theirs in zip((path, *companions(path)), (damaged, *companions(damaged)), strict=True):
        if mine.exists() and not mine.name.endswith("-shm"):
            shutil.copyfile(mine, theirs)
    return damaged


def _forget(path: Path | None) -> None:
    if path is not None:
        for file in (path, *companions(path)):
            file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _newest_sound(path: Path) -> Path | None:
    for backup in backups(path):
        try:
            check_health(backup)
        except StoreError:
            continue
        return backup
    return None


def _build(fresh: Path, base: Path | None) -> None:
    if base is not None:
        with closing_connection(base) as source, closing_connection(fresh, read_only=False) as copy:
            source.backup(copy)
        return
    from gradus.learner.database import migrate, open_engine

    engine = open_engine(fresh)
    try:
        migrate(engine, fresh)
    finally:
        engine.dispose()


def _readable(damaged: Path) -> Iterator[tuple[Any, ...]]:
    """Every event of a damaged file that still reads and matches its checksum, with its source and verdict."""
    try:
        with closing_connection(damaged, read_only=False) as raw:
            yield from (_with_bodies(raw, row) for row in _rows(raw) if intact(row, checksum))
    except sqlite3.Error:
        return


def _rows(raw: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    last = 0
    try:
        for row in raw.execute(f"SELECT seq, {_ROW} FROM events ORDER BY seq"):
            last = row[0]
            yield tuple(row[1:])
        return
    except (sqlite3.Error, UnicodeError):
        pass
    for seq in range(last + 1, last + _MOST_PROBES):  # past the damaged page, one by one
        try:
            row = raw.execute(f"SELECT {_ROW} FROM events WHERE seq = ?", (seq,)).fetchone()
        except (sqlite3.Error, UnicodeError):
            continue
        if row is not None:
            yield tuple(row)


def _with_bodies(raw: sqlite3.Connection, row: tuple[Any, ...]) -> tuple[Any, ...]:
    source = _one(raw, "SELECT size, body FROM sources WHERE sha256 = ?", row[7]) if row[7] else None
    verdict = _one(raw, "SELECT body FROM verdicts WHERE event = ?", row[0])
    return (*row, source, verdict)


def _one(raw: sqlite3.Connection, query: str, key: str) -> tuple[Any, ...] | None:
    try:
        found = raw.execute(query, (key,)).fetchone()
    except (sqlite3.Error, UnicodeError):
        return None
    return None if found is None else tuple(found)


def _insert(fresh: Path, rescued: list[tuple[Any, ...]]) -> int:
    added = 0
    with closing_connection(fresh, read_only=False) as raw:
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("BEGIN IMMEDIATE")
        for *row, source, verdict in rescued:
            if row[7]:
                size, body = source or (0, None)
                raw.execute("INSERT OR IGNORE INTO sources(sha256, size, body) VALUES (?, ?, ?)", (row[7], size, body))
            marks = ", ".join("?" * 9)
            done = raw.execute(f"INSERT OR IGNORE INTO events({_ROW}) VALUES ({marks})", row)
            added += done.rowcount
            if done.rowcount and verdict:
                raw.execute("INSERT OR IGNORE INTO verdicts(event, body) VALUES (?, ?)", (row[0], verdict[0]))
        raw.execute("COMMIT")
        raw.execute("PRAGMA journal_mode=DELETE").fetchall()
    return added


def _sentence(path: Path, damaged: Path | None, base: Path | None, added: int) -> str:
    what = f"The damaged file is kept as {damaged.name}." if damaged else "The file itself was gone."
    when = ""
    if base is not None:
        made = datetime.fromtimestamp(base.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
        when = f" was restored from the backup of {made}"
    else:
        when = " was rebuilt from what could still be read of it"
    more = f"; {added} later event{'s' if added != 1 else ''} could still be read and are back too" if added else ""
    return f"Your record ({path}) was damaged. It{when}{more if base else ''}. {what}"
