"""Edits from a screen: versions, conflicts, what is kept; weeks; the switch in gradus.toml."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from gradus.errors import WorkspaceError
from gradus.learner import Workspace
from gradus.learner.editing import ConflictError, begin_save, keep_copy, read_draft, save_draft, version_of
from gradus.learner.progress import weeks
from gradus.learner.settings import write_settings


@pytest.fixture
def file(workspace: Workspace) -> Path:
    path = workspace.root / "1-basics" / "1-first" / "add.py"
    path.write_bytes(b"a = 1\n")
    return path


def test_a_version_is_the_hash_of_what_lies_there(workspace: Workspace, file: Path) -> None:
    draft = read_draft(workspace, file)
    assert (draft.source, draft.version) == ("a = 1\n", version_of(b"a = 1\n"))
    assert save_draft(workspace, file, "a = 2\n", draft.version) == version_of(b"a = 2\n")
    assert file.read_bytes() == b"a = 2\n"
    assert read_draft(workspace, file.with_name("none.py")).version == ""


def test_a_missing_file_is_made_and_a_present_one_is_not_overwritten_by_it(workspace: Workspace, file: Path) -> None:
    fresh = file.with_name("fresh.py")
    save_draft(workspace, fresh, "b = 1\n", "")
    assert fresh.read_text() == "b = 1\n"
    with pytest.raises(ConflictError) as caught:
        save_draft(workspace, file, "b = 1\n", "")
    assert caught.value.mine == "b = 1\n"
    assert caught.value.theirs.source == "a = 1\n"
    assert file.read_text() == "a = 1\n"


def test_nothing_is_written_before_write(workspace: Workspace, file: Path) -> None:
    save = begin_save(workspace, file, "a = 3\n", version_of(b"a = 1\n"))
    assert file.read_text() == "a = 1\n"
    assert save.needed
    save.write()
    assert file.read_text() == "a = 3\n"
    assert not begin_save(workspace, file, "a = 3\n", "whatever").needed


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"a\r\nb\r\n", "a\nc\n", b"a\r\nc\r\n"),
        (b"a\r\nb\n", "a\nc\n", b"a\nc\n"),
        (b"a\n", "a\r\nb\r\n", b"a\nb\n"),
        (b"\xef\xbb\xbfa\n", "\ufeffb\n", b"\xef\xbb\xbfb\n"),
    ],
)
def test_line_ends_follow_the_file(workspace: Workspace, file: Path, before: bytes, text: str, after: bytes) -> None:
    file.write_bytes(before)
    save_draft(workspace, file, text, version_of(before))
    assert file.read_bytes() == after


@pytest.mark.parametrize("text", ["x" * 300_000, "\udc80"])
def test_what_cannot_be_kept_is_refused(workspace: Workspace, file: Path, text: str) -> None:
    with pytest.raises(WorkspaceError):
        save_draft(workspace, file, text, version_of(b"a = 1\n"))
    assert file.read_bytes() == b"a = 1\n"


def test_bytes_that_are_no_text_are_read_only(workspace: Workspace, file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    draft = read_draft(workspace, file)
    assert draft.readonly
    with pytest.raises(WorkspaceError, match="not UTF-8"):
        save_draft(workspace, file, "a", draft.version)
    assert file.read_bytes() == b"\xff\xfe"


def test_a_copy_is_kept_under_its_own_name(workspace: Workspace, file: Path) -> None:
    first = keep_copy(workspace, file)
    file.write_text("a = 9\n")
    second = keep_copy(workspace, file)
    assert first is not None
    assert second is not None
    assert first.read_text() == "a = 1\n"
    assert second.read_text() == "a = 9\n"
    assert keep_copy(workspace, file.with_name("none.py")) is None


def test_weeks_run_from_the_first_thing_done_to_this_one(desk: Any) -> None:
    assert weeks(desk.learner.history(), UTC) == ()
    desk.submit("add")
    desk.submit("double", "not yet", days=15)
    found = weeks(desk.learner.history(), UTC)
    assert [week.starts for week in found] == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert [(week.attempts, week.passes) for week in found] == [(1, 1), (0, 0), (1, 0)]
    assert sum(week.minutes for week in found) == pytest.approx(desk.learner.progress().minutes)


def test_the_rhythm_is_switched_and_every_other_line_stays(workspace: Workspace) -> None:
    path = workspace.root / "gradus.toml"
    before = path.read_text()
    off = write_settings(workspace, rhythm=False)
    assert not off.settings.rhythm
    assert path.read_text() == before.replace("rhythm = true", "rhythm = false")
    path.write_text("format = 1\n")
    assert not write_settings(workspace, rhythm=False).settings.rhythm
    assert write_settings(workspace, rhythm=True).settings.rhythm
