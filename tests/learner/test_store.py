"""Events are appended, never changed, and survive what happens to machines."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gradus.errors import StoreError
from gradus.learner import Store, backup, database
from gradus.learner.events import microseconds

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@contextmanager
def plainly(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that commits each statement and is really closed."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        yield raw


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".gradus" / "store.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def test_what_is_appended_is_read_back(store: Store) -> None:
    data = {"outcome": "passed", "note": "naïve \ud800 \0 text", "number": 1.5}
    verdict = {"outcome": "passed", "findings": [{"message": "é"}]}
    made = store.append("attempt", "add", data, at=NOON, source=b"x = 1\xff\0", verdict=verdict)
    (read,), last = store.events()
    assert read == made
    assert (read.kind, read.subject, dict(read.data), read.when) == ("attempt", "add", data, NOON)
    assert store.source(str(read.source)) == b"x = 1\xff\0"
    assert store.verdict(read.id) == verdict
    assert store.events(last) == ((), last)


def test_the_same_source_is_kept_once(store: Store, path: Path) -> None:
    for _ in range(3):
        store.append("attempt", "add", {}, at=NOON, source=b"same")
    with plainly(path) as raw:
        assert raw.execute("SELECT count(*) FROM sources").fetchone() == (1,)


def test_a_clock_that_jumps_back_reorders_nothing(store: Store) -> None:
    hours = (0, 5, -3, 1, -1000)
    made = [store.append("hint", "add", {"n": n}, at=NOON + timedelta(hours=h)) for n, h in enumerate(hours)]
    assert sorted(made, key=lambda event: event.order) == made
    assert [event.at for event in made] == [microseconds(NOON + timedelta(hours=h)) for h in hours]


def test_the_database_itself_refuses_changes(store: Store, path: Path) -> None:
    store.append("attempt", "add", {}, at=NOON, verdict={"a": 1})
    with plainly(path) as raw:
        for change in ("UPDATE events SET subject = 'x'", "DELETE FROM events", "DELETE FROM verdicts"):
            with pytest.raises(sqlite3.IntegrityError, match="appended, never changed"):
                raw.execute(change)


def test_the_safe_settings_are_on(store: Store) -> None:
    def read(connection: object) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}  # type: ignore[attr-defined]

    assert store.transact(read) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": database.BUSY_SECONDS * 1000,
    }


def test_two_stores_write_the_same_file(path: Path) -> None:
    with Store(path) as first, Store(path) as second:
        threads = [
            threading.Thread(target=lambda s=s: [s.append("hint", "add", {}, at=NOON) for _ in range(50)])
            for s in (first, second, first, second)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        events, _ = first.events()
        assert len(events) == 200
        assert len({event.tick for event in events}) == 200
        assert first.learner == second.learner


def test_a_newer_schema_is_refused_and_left_as_it_is(store: Store, path: Path) -> None:
    store.append("hint", "add", {}, at=NOON)
    store.close()
    with plainly(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Gradus"):
        Store(path)
    assert path.read_bytes() == before


def test_somebody_elses_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with plainly(path) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError):
        Store(path)
    with plainly(path) as raw:
        assert raw.execute("SELECT count(*) FROM recipes").fetchone() == (0,)


def test_the_head_in_the_code_is_alembics_head(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from gradus.learner import schema

    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD

    def differences(connection: object) -> list[object]:
        context = MigrationContext.configure(connection)  # type: ignore[arg-type]
        return [d for d in compare_metadata(context, schema.metadata) if not _is_autoincrement(d)]

    assert store.transact(differences) == []


def _is_autoincrement(difference: object) -> bool:
    return "sqlite_sequence" in str(difference)


def test_opening_without_migrating_does_not_import_alembic(store: Store, path: Path) -> None:
    import subprocess
    import sys

    code = (
        f"import sys; from gradus.learner import Store; from pathlib import Path; Store(Path({str(path)!r})).close();"
    )
    code += "print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_old_schema_is_backed_up_and_then_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(path, backups=False) as store:
        store.append("hint", "add", {}, at=NOON)
    with plainly(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0000'")
    done = []
    monkeypatch.setattr("gradus.learner.store.migrate", lambda engine, where: done.append(where))
    Store(path).close()
    assert done == [path]
    assert len(backup.backups(path)) == 1


def test_a_killed_migration_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    upgrade = command.upgrade

    def dies(config: object, revision: str) -> None:
        upgrade(config, revision)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", dies)
    with pytest.raises(KeyboardInterrupt):
        Store(path)
    monkeypatch.undo()
    with plainly(path) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    with Store(path) as store:
        store.append("hint", "add", {}, at=NOON)
        assert len(store.events()[0]) == 1


def test_backups_are_made_when_due_and_rotated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(path) as store:
        store.append("hint", "add", {}, at=NOON)
        store.append("hint", "add", {}, at=NOON)
    assert len(backup.backups(path)) == 1  # the second one was not due
    for day in range(1, 13):
        old = backup.folder_of(path) / f"store-202512{day:02}T120000000000.sqlite3"
        old.write_bytes(backup.backups(path)[0].read_bytes())
    newest = backup.back_up(path)
    kept = [p.name[6:14] for p in backup.backups(path)]
    assert backup.backups(path)[0] == newest
    assert kept[-1] == "20251207"  # four newest, and the last of each of the newest seven days
    assert len(kept) == 8


def test_a_backup_that_fails_is_said_and_harms_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(where: Path) -> Path:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(backup, "back_up", full)
    with Store(path) as store:
        store.append("hint", "add", {}, at=NOON)
    assert store.notices == ["No backup of your record could be made: The disk is full."]


def test_a_full_disk_is_a_sentence_and_the_rest_stays(path: Path) -> None:
    with Store(path, backups=False) as store:
        store.append("hint", "add", {}, at=NOON)

        def fill(connection: object) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()  # type: ignore[attr-defined]
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

        store.transact(fill)
        draw = random.Random(1)
        with pytest.raises(StoreError, match="disk is full") as caught:
            store.append("attempt", "add", {}, at=NOON, source=draw.randbytes(100_000))
        assert "Free some space" in caught.value.next_step
        kept = len(store.events()[0])
        store.transact(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000"))
        store.append("hint", "add", {}, at=NOON)
        assert len(store.events()[0]) == kept + 1


def test_a_database_held_by_another_program_is_waited_for_then_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with Store(path, backups=False) as store:
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program"):
            store.append("hint", "add", {}, at=NOON)
        raw.execute("ROLLBACK")
        raw.close()
        store.append("hint", "add", {}, at=NOON)
        assert len(store.events()[0]) == 1
