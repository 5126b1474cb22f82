"""A damaged database is named, kept, and restored; it is never reset in silence."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gradus.errors import StoreError
from gradus.learner import DamagedError, Store, backup

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@contextmanager
def plainly(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that commits each statement and is really closed."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        yield raw


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".gradus" / "store.sqlite3"


def fill(path: Path, count: int, start: int = 0) -> set[str]:
    """Append events and fold the log into the file, so that the file alone holds them."""
    with Store(path, backups=False) as store:
        made = {
            store.append("attempt", "add", {"n": n}, at=NOON, source=f"# {n}\n".encode() * 50, verdict={"n": n}).id
            for n in range(start, start + count)
        }
    with plainly(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return made


def ids(store: Store) -> set[str]:
    return {event.id for event in store.events()[0]}


def test_a_torn_file_is_restored_from_the_backup_and_kept(path: Path) -> None:
    saved = fill(path, 40)
    backup.back_up(path)
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])
    with Store(path, backups=False) as store:
        assert ids(store) == saved
        assert len(store.notices) == 1
        assert "restored from the backup" in store.notices[0]
    (kept,) = path.parent.glob("damaged-*.sqlite3")
    assert kept.name in store.notices[0]
    assert kept.stat().st_size == len(body) // 2


def test_events_after_the_backup_are_read_out_of_the_damaged_file(path: Path) -> None:
    saved = fill(path, 10)
    backup.back_up(path)
    later = fill(path, 200, start=10)
    body = bytearray(path.read_bytes())
    at = len(body) // 2 // 4096 * 4096
    body[at : at + 4096] = os.urandom(4096)
    path.write_bytes(body)
    with Store(path, backups=False) as store:
        restored = ids(store)
    assert saved <= restored
    assert len(restored & later) > 100  # all but what lay on the one page


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes_are_noticed_and_every_event_comes_back(path: Path, seed: int) -> None:
    saved = fill(path, 30)
    backup.back_up(path)
    sound, draw = path.read_bytes(), random.Random(seed)
    for _ in range(16):
        body = bytearray(sound)
        place = draw.randrange(len(body))
        body[place] ^= 1 << draw.randrange(8)
        for leftover in path.parent.glob("store.sqlite3-*"):
            leftover.unlink()
        path.write_bytes(body)
        with Store(path, backups=False) as store:
            assert ids(store) == saved
            assert {event.data["n"] for event in store.events()[0]} == set(range(30))


@pytest.mark.parametrize("size", [0, 1, 15, 16, 99, 100, 4095, 4096, 8192, 12_000])
def test_a_truncated_file_is_restored(path: Path, size: int) -> None:
    saved = fill(path, 30)
    backup.back_up(path)
    path.write_bytes(path.read_bytes()[:size])
    with Store(path, backups=False) as store:
        assert ids(store) == saved
        assert store.notices


def test_a_damaged_source_or_verdict_reads_as_missing_not_as_something_else(path: Path) -> None:
    fill(path, 1)
    with plainly(path) as raw:
        raw.execute("UPDATE sources SET body = substr(body, 1, 5)")
        raw.execute("DROP TRIGGER verdicts_no_update")
        raw.execute("UPDATE verdicts SET body = x'00'")
    with Store(path, backups=False) as store:
        (event,), _ = store.events()
        assert store.source(str(event.source)) is None
        assert store.verdict(event.id) is None


def test_without_a_backup_nothing_is_reset(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is not a database, it is a poem\n" * 200)
    for _ in range(2):
        with pytest.raises(DamagedError, match="damaged and there is no backup") as caught:
            Store(path)
        assert str(path) in caught.value.where
        assert path.read_bytes().startswith(b"this is not")


def test_without_a_backup_what_still_reads_is_rescued(path: Path) -> None:
    saved = fill(path, 200)
    body = bytearray(path.read_bytes())
    body[-4096:] = os.urandom(4096)
    path.write_bytes(body)
    with Store(path, backups=False) as store:
        assert len(ids(store) & saved) > 150
        assert "rebuilt from what could still be read" in store.notices[0]


def test_a_vanished_file_is_restored_from_the_backup(path: Path) -> None:
    saved = fill(path, 5)
    backup.back_up(path)
    path.unlink()
    with Store(path, backups=False) as store:
        assert ids(store) == saved
        assert "gone" in store.notices[0]


def test_a_damaged_backup_is_passed_over(path: Path) -> None:
    saved = fill(path, 5)
    good = backup.back_up(path)
    bad = good.with_name("store-29990101T000000000000.sqlite3")
    bad.write_bytes(b"\0" * 8192)
    path.write_bytes(b"")
    path.unlink()
    with Store(path, backups=False) as store:
        assert ids(store) == saved


def test_damage_cannot_push_out_a_good_backup(path: Path) -> None:
    fill(path, 30)
    good = backup.back_up(path)
    with plainly(path) as raw:
        raw.execute("DROP TRIGGER events_no_update")
        raw.execute("UPDATE events SET data = '{\"n\":999}' WHERE seq = 3")
    with pytest.raises(DamagedError):
        backup.back_up(path)
    assert backup.backups(path) == [good]
    assert not list(backup.folder_of(path).glob("part-*"))


def test_damage_while_the_store_is_open_heals_and_goes_on(path: Path) -> None:
    fill(path, 30)
    backup.back_up(path)
    with Store(path, backups=False) as store:
        with plainly(path) as raw:
            raw.execute("DROP TRIGGER events_no_update")
            raw.execute("UPDATE events SET subject = 'forged' WHERE seq = 3")
        events, _ = store.events()
        assert {event.subject for event in events} == {"add"}
        assert store.generation == 1
        store.append("hint", "add", {}, at=NOON)
        assert len(store.events()[0]) == 31


def test_another_process_that_restored_is_followed(path: Path) -> None:
    saved = fill(path, 5)
    backup.back_up(path)
    with Store(path, backups=False) as open_all_along:
        path.write_bytes(b"junk" * 4000)
        with Store(path, backups=False):
            pass
        made = open_all_along.append("hint", "add", {}, at=NOON)
        assert ids(open_all_along) == saved | {made.id}
    with Store(path, backups=False) as later:
        assert ids(later) == saved | {made.id}


WRITE_AS_NOBODY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from gradus.errors import StoreError
from gradus.learner import Store
with Store(Path(sys.argv[2])) as rehearsal:  # so that nothing is left to import, which nobody may not
    rehearsal.append("hint", "add", {}, at=datetime.now(UTC))
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    Store(Path(sys.argv[1])).append("hint", "add", {}, at=datetime.now(UTC))
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs Unix permissions")
def test_a_read_only_folder_is_a_sentence(tmp_path: Path) -> None:
    # The file lies where any user may look, but not write.
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.sqlite3"
        saved = fill(path, 2)
        Path(name).chmod(0o555)
        for file in Path(name).iterdir():
            if file.is_file():
                file.chmod(0o444)
        command = [sys.executable, "-c", WRITE_AS_NOBODY, str(path), str(tmp_path / "other.sqlite3")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        Path(name).chmod(0o755)
        assert done.returncode == 0, done.stderr
        assert "cannot be" in done.stdout
        assert "Traceback" not in done.stderr
        for file in Path(name).iterdir():
            if file.is_file():
                file.chmod(0o644)
        with Store(path, backups=False) as store:
            assert ids(store) == saved


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".gradus").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be"):
        Store(tmp_path / ".gradus" / "store.sqlite3")
