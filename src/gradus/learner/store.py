"""The learner's record: an append-only log of events in one SQLite file."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gradus.errors import StoreError
from gradus.learner import backup
from gradus.learner.database import (
    DamagedError,
    check_health,
    in_words,
    intact,
    migrate,
    open_engine,
    schema_version,
    too_new,
)
from gradus.learner.events import Event, checksum, encode, microseconds
from gradus.learner.locking import locked

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from gradus.grader import Verdict

T = TypeVar("T")


class NotSavedError(StoreError):
    """A verdict was made and could not be recorded. ``verdict`` is still there to show."""

    def __init__(self, verdict: Verdict, error: StoreError) -> None:
        super().__init__(
            f"The verdict could not be saved, so this attempt does not count: {error.what}",
            error.where,
            error.next_step,
        )
        self.verdict = verdict


class Store:
    """Appends events and reads them back in order. Safe for several processes and threads on one file.

    ``notices`` are sentences for the learner about what happened to the file (a restored backup, for instance).
    Every method raises StoreError, in words, when the file cannot be used.
    """

    def __init__(self, path: Path, *, backups: bool = True) -> None:
        self.path = path
        self.notices: list[str] = []
        self._lock_path = path.with_name("store.lock")
        self._backups = backups
        self.generation = 0  # grows whenever another file takes the place of the one that was open
        self._backing_up: threading.Thread | None = None
        self._checked_at = 0.0
        self._guard = threading.Lock()
        with in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = self._open()
        self.learner = self._learner_id()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Wait for a running backup and close the file."""
        if self._backing_up is not None:
            self._backing_up.join()
        self._engine.dispose()

    # -------------------------------------------------------------------------------------------- writing

    def append(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        at: datetime,
        source: bytes | None = None,
        verdict: Mapping[str, Any] | None = None,
    ) -> Event:
        """Record one event; when this returns, it survives a killed process and a power cut."""
        body = encode(data)
        digest = hashlib.sha256(source).hexdigest() if source is not None else None
        packed = zlib.compress(source, 6) if source is not None else b""
        sealed = zlib.compress(json.dumps(verdict, separators=(",", ":")).encode(), 6) if verdict is not None else None
        event_id, when = uuid.uuid4().hex, microseconds(at)

        def write(connection: Connection) -> Event:
            tick = max(when, self._last_tick(connection) + 1)
            event = Event(event_id, self.learner, kind, subject, when, tick, dict(data), digest)
            if source is not None:
                insert_source(connection, str(digest), len(source), packed)
            insert_event(connection, event, body)
            if sealed is not None:
                insert_verdict(connection, event_id, sealed)
            return event

        event = self.transact(write)
        self._back_up_later()
        return event

    def transact(self, write: Callable[[Connection], T]) -> T:
        """Run ``write`` in one ``BEGIN IMMEDIATE`` transaction; all of it is kept, or nothing."""
        for last in (False, True):
            try:
                return self._transact(write)
            except DamagedError:
                if last:
                    raise
                self._heal()
        raise AssertionError("unreachable")

    def _transact(self, write: Callable[[Connection], T]) -> T:
        while True:
            self._reopen_if_replaced()  # before the lock: it may need to hold it alone
            with in_words(self.path), locked(self._lock_path, alone=False):
                if _identity(self.path) != self._inode:
                    continue
                with self._engine.connect().execution_options(write=True) as connection, connection.begin():
                    return write(connection)

    @staticmethod
    def _last_tick(connection: Connection) -> int:
        row = connection.exec_driver_sql("SELECT max(tick) FROM events").first()
        return int(row[0] or 0) if row else 0

    # -------------------------------------------------------------------------------------------- reading

    def events(self, after: int = 0) -> tuple[tuple[Event, ...], int]:
        """Events with a row number above ``after``, in row order, and the last row number.

        Row numbers are this file's own; sort by `Event.order` for the order in which things happened.
        """
        return self._read(lambda connection: _load(connection, after, self.path))

    def source(self, sha256: str) -> bytes | None:
        """The text that was checked, by its SHA-256; None when it is not here or cannot be read any more."""

        def read(connection: Connection) -> bytes | None:
            row = connection.exec_driver_sql("SELECT body FROM sources WHERE sha256 = ?", (sha256,)).first()
            return _unpack(row[0]) if row and row[0] is not None else None

        body = self._read(read)
        return body if body is not None and hashlib.sha256(body).hexdigest() == sha256 else None

    def verdict(self, event_id: str) -> dict[str, Any] | None:
        """The verdict recorded with an attempt, as JSON data."""

        def read(connection: Connection) -> dict[str, Any] | None:
            row = connection.exec_driver_sql("SELECT body FROM verdicts WHERE event = ?", (event_id,)).first()
            body = _unpack(row[0]) if row else None
            return json.loads(body) if body is not None else None

        return self._read(read)

    def _read(self, read: Callable[[Connection], T]) -> T:
        for last in (False, True):
            try:
                self._reopen_if_replaced()
                with in_words(self.path), self._engine.connect() as connection, connection.begin():
                    return read(connection)
            except DamagedError:
                if last:
                    raise
                self._heal()
        raise AssertionError("unreachable")

    # -------------------------------------------------------------------------------------------- opening, healing

    def _open(self) -> Engine:
        for last in (False, True):
            try:
                return self._open_sound()
            except DamagedError:
                if last:
                    raise
                self._restore()
        raise AssertionError("unreachable")

    def _open_sound(self) -> Engine:
        from gradus.learner.schema import HEAD

        if backup.restored_file(self.path).exists():  # a restoration was killed at its last step
            self._finish_restoring()
        if _size(self.path):
            check_health(self.path)
        elif backup.backups(self.path):  # missing or empty, and it was not always so
            raise DamagedError("Your record is gone.", str(self.path))
        engine = open_engine(self.path)
        try:
            with in_words(self.path):
                with engine.connect() as connection, connection.begin():
                    version = schema_version(connection)
                if version != HEAD:
                    self._migrate(engine, version)
        except BaseException:
            engine.dispose()
            raise
        self._inode = _identity(self.path)
        return engine

    def _migrate(self, engine: Engine, version: str | None) -> None:
        with locked(self._lock_path, alone=True):
            if version is not None:
                if not version.isdigit() or int(version) > int(_head()):
                    raise too_new(self.path, version)
                backup.back_up(self.path)
            migrate(engine, self.path)

    def _heal(self) -> None:
        self._engine.dispose()
        self._restore()
        self._engine = self._open_sound()
        self.generation += 1

    def _restore(self) -> None:
        with locked(self._lock_path, alone=True):
            try:
                if _size(self.path):
                    check_health(self.path)
                    return  # another process was faster
            except DamagedError:
                pass
            self.notices.append(backup.restore(self.path))

    def _finish_restoring(self) -> None:
        with in_words(self.path), locked(self._lock_path, alone=True):
            if backup.restored_file(self.path).exists():
                backup.finish_restoring(self.path)
                self.notices.append(
                    "Your record was damaged and has been restored; the damaged file is kept beside it."
                )

    def _reopen_if_replaced(self) -> None:
        """Another process restored a backup, or the file was removed: the open one is not the learner's any more."""
        if _identity(self.path) == self._inode:
            return
        with self._guard:
            if _identity(self.path) != self._inode:
                self._engine.dispose()
                self._engine = self._open()
                self.generation += 1

    def _learner_id(self) -> str:
        def read(connection: Connection) -> str | None:
            row = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'learner'").first()
            return str(row[0]) if row else None

        known = self._read(read)
        if known is not None:
            return known

        def write(connection: Connection) -> str:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO meta(key, value) VALUES ('learner', ?)", (uuid.uuid4().hex,)
            )
            return str(read(connection))

        return self.transact(write)

    # -------------------------------------------------------------------------------------------- backups

    def back_up(self) -> Path:
        """Make a backup now and return where it lies."""
        return backup.back_up(self.path)

    def _back_up_later(self) -> None:
        if not self._backups or time.monotonic() - self._checked_at < 10:
            return
        self._checked_at = time.monotonic()
        running = self._backing_up is not None and self._backing_up.is_alive()
        if not running and backup.is_due(self.path):
            self._backing_up = threading.Thread(target=self._back_up_quietly, name="gradus-backup")
            self._backing_up.start()

    def _back_up_quietly(self) -> None:
        try:
            backup.back_up(self.path)
        except StoreError as error:
            self.notices.append(f"No backup of your record could be made: {error}")


def insert_source(connection: Connection, sha256: str, size: int, packed: bytes | None) -> None:
    """Keep a source once, by its hash."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO sources(sha256, size, body) VALUES (?, ?, ?)", (sha256, size, packed)
    )


def insert_event(connection: Connection, event: Event, body: str) -> None:
    """Write an event whose data is ``body``."""
    fields = (event.id, event.learner, event.kind, event.subject, event.at, event.tick, body, event.source)
    connection.exec_driver_sql(
        "INSERT INTO events(id, learner, kind, subject, at, tick, data, source, crc) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, checksum(*fields)),
    )


def insert_verdict(connection: Connection, event_id: str, packed: bytes) -> None:
    """Write the verdict of an attempt."""
    connection.exec_driver_sql("INSERT INTO verdicts(event, body) VALUES (?, ?)", (event_id, packed))


def _load(connection: Connection, after: int, path: Path) -> tuple[tuple[Event, ...], int]:
    rows: Iterable[Any] = connection.exec_driver_sql(
        "SELECT seq, id, learner, kind, subject, at, tick, data, source, crc FROM events WHERE seq > ? ORDER BY seq",
        (after,),
    )
    found, last = [], after
    for row in rows:
        if not intact(row[1:], checksum):
            raise DamagedError(f"Your record is damaged (event {row[1]}).", str(path))
        last = int(row[0])
        _, event_id, learner, kind, subject, at, tick, data, source, _ = row
        found.append(Event(event_id, learner, kind, subject, at, tick, json.loads(data), source))
    return tuple(found), last


def _unpack(body: bytes) -> bytes | None:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_dev, state.st_ino


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _head() -> str:
    from gradus.learner.schema import HEAD

    return HEAD
