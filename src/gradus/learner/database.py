"""The SQLite file: how it is opened, migrated, and what its failures mean in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_SMALLEST = 512  # bytes: one page of the smallest size
BUSY_SECONDS = 40  # longer than any honest holder: a laptop's backup or sync tool


class DamagedError(StoreError):
    """The database file is not what was written. `Store` answers by restoring; if it cannot, a person reads this."""


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a StoreError that a learner can act on."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise explain(error.orig, path) from error
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise StoreError(f"Your record cannot be kept: {error.strerror or error}.", str(path)) from error


def explain(error: BaseException | None, path: Path) -> StoreError:
    """The StoreError for an error of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    text, where = str(error), str(path)
    match code & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_FORMAT:
            return DamagedError("Your record is damaged.", where, "Run the command again: the last backup is restored.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"Your record has been in use by another program for {BUSY_SECONDS} seconds.",
                where,
                "Close what uses it and try again; nothing was lost.",
            )
        case sqlite3.SQLITE_FULL:
            return StoreError("The disk is full, so nothing could be saved.", where, "Free some space and try again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                "Your record cannot be written: the folder or the file is read-only.",
                where,
                "Give yourself write permission, or move the workspace to a folder of your own.",
            )
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                "The disk refused to read or write your record.",
                where,
                "Check its free space and health, then try again; what was saved before is unchanged.",
            )
    return StoreError(f"Your record cannot be used: {text}.", where)


def open_engine(path: Path) -> Engine:
    """An engine whose transactions are ``BEGIN IMMEDIATE`` when marked ``write`` and snapshots otherwise.

    ``synchronous=FULL``: a commit that returned survives power loss.
    """
    from sqlalchemy import create_engine, event

    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000"):
            raw.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def schema_version(connection: Connection) -> str | None:
    """The migration the file is at; None for an empty file. Read without Alembic, whose import is slow."""
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
    if known is None:
        empty = connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first() is None
        if not empty:
            raise DamagedError("This is a database, but not one that Gradus wrote.", "", "Move it away and try again.")
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def migrate(engine: Engine, path: Path) -> None:
    """Bring the file to the newest schema, in one transaction. Raises StoreError for a schema newer than ours."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        current = schema_version(connection)
        known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise too_new(path, current)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def too_new(path: Path, version: str) -> StoreError:
    """The refusal of a file written by a later Gradus."""
    return StoreError(
        f"Your record was written by a newer Gradus (schema {version}); this one would damage it.",
        str(path),
        "Upgrade with `pip install --upgrade gradus`. Nothing was changed.",
    )


def check_health(path: Path) -> None:
    """Raise DamagedError unless the file is sound: its pages, its references and each event's checksum."""
    from gradus.learner.events import checksum

    if path.stat().st_size < _SMALLEST:  # SQLite would take it for a new, empty database
        raise DamagedError("Your record is damaged (it is nearly empty).", str(path))
    with in_words(path), closing_connection(path) as raw:
        verdict = raw.execute("PRAGMA quick_check(1)").fetchone()
        if verdict is None or verdict[0] != "ok":
            raise DamagedError(f"Your record is damaged ({verdict[0] if verdict else 'no answer'}).", str(path))
        if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return
        for row in raw.execute("SELECT id, learner, kind, subject, at, tick, data, source, crc FROM events"):
            if not intact(row, checksum):
                raise DamagedError(f"Your record is damaged (event {row[0]}).", str(path))


def intact(row: Any, checksum: Any) -> bool:
    """Whether a row (id, learner, kind, subject, at, tick, data, source, crc) is what was written."""
    try:
        return bool(checksum(*row[:8]) == row[8])
    except (TypeError, UnicodeError):
        return False


@contextmanager
def closing_connection(path: Path, *, read_only: bool = True) -> Iterator[sqlite3.Connection]:
    """A plain connection for work below the schema: checking, copying, rescuing."""
    from urllib.parse import quote

    address = f"file:{quote(str(path))}?mode={'ro' if read_only else 'rwc'}"
    raw = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        yield raw
    finally:
        raw.close()


def companions(path: Path) -> tuple[Path, ...]:
    """SQLite's own files beside the database."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` durable, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        except OSError:
            pass
        finally:
            os.close(descriptor)
