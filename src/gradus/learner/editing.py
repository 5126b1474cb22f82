"""Editing the learner's files from a screen, while their own editor edits the same ones: neither side is ever lost.

A version is the SHA-256 of a file's bytes ("" when there is none). Whoever writes says which version they saw; when
another one lies on disk, nothing is written and both sides are handed back. What is replaced knowingly is kept in
``.gradus/kept/`` (`keep_copy`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gradus.errors import WorkspaceError
from gradus.learner.records import Record
from gradus.learner.snapshot import MOST_BYTES_A_FILE, read_source
from gradus.learner.workspace import Workspace

MOST_KEPT = 200


@dataclass(frozen=True)
class Draft(Record):
    """A file as a screen edits it. ``readonly`` with a ``reason`` when its text cannot be shown without loss."""

    path: Path
    source: str
    version: str
    readonly: bool = False
    reason: str = ""


class ConflictError(WorkspaceError):
    """The file on disk is another one than the writer saw. Nothing was written; ``theirs`` is what lies there."""

    def __init__(self, mine: str, theirs: Draft) -> None:
        super().__init__(
            "The file was changed on disk meanwhile. Nothing was overwritten.",
            str(theirs.path),
            "Choose which text to keep.",
        )
        self.mine = mine
        self.theirs = theirs


def read_draft(workspace: Workspace, path: Path) -> Draft:
    """The file's text and version; an empty draft, version "", when there is none. Raises WorkspaceError in words."""
    if not path.exists() and not path.is_symlink():
        return Draft(path, "", "")
    body = read_source(path, workspace.root)
    try:
        return Draft(path, body.decode("utf-8"), version_of(body))
    except UnicodeDecodeError:
        reason = "This file is not UTF-8 text, so it is only shown here. Mend it in your own editor."
        return Draft(path, body.decode("utf-8", "replace"), version_of(body), True, reason)


@dataclass(frozen=True)
class Save:
    """A save that may be made: ``body`` replaces the file when `write` is called; nothing when it is there already."""

    workspace: Workspace
    path: Path
    body: bytes
    needed: bool

    def write(self) -> str:
        """Write it and return the new version. Raises WorkspaceError when the file cannot be written."""
        from gradus.learner.layout import replace, writing

        if self.needed:
            with writing(self.workspace.root):
                replace(self.path.resolve() if self.path.is_symlink() else self.path, self.body)
        return version_of(self.body)


def begin_save(workspace: Workspace, path: Path, source: str, version: str) -> Save:
    """Look whether ``source`` may be written over the version that the writer saw; line ends stay as in the file.

    Raises ConflictError, and WorkspaceError when the text is too large or the file cannot be edited here.
    """
    there = read_draft(workspace, path)
    body = _encoded(source, there)
    if there.version == version_of(body):
        return Save(workspace, path, body, False)
    if there.version != version:
        raise ConflictError(source, there)
    if len(body) > MOST_BYTES_A_FILE:
        raise WorkspaceError(f"A file holds at most {MOST_BYTES_A_FILE // 1024} KB; this text is longer.", str(path))
    if there.readonly:
        raise WorkspaceError(there.reason, str(path))
    return Save(workspace, path, body, True)


def save_draft(workspace: Workspace, path: Path, source: str, version: str) -> str:
    """`begin_save` and write at once: the new version."""
    return begin_save(workspace, path, source, version).write()


def keep_copy(workspace: Workspace, path: Path) -> Path | None:
    """Put a copy of the file into ``.gradus/kept/`` and return its path; None when there is no file."""
    from gradus.learner.layout import write_new, writing

    if not path.exists():
        return None
    body = read_source(path, workspace.root)
    folder = workspace.private / "kept"
    target = folder / f"{path.stem}-{version_of(body)[:12]}{path.suffix}"
    with writing(workspace.root):
        write_new(target, body)
        old = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)[MOST_KEPT:]
        for file in old:
            file.unlink(missing_ok=True)
    return target


def version_of(body: bytes) -> str:
    """The version of these bytes."""
    return hashlib.sha256(body).hexdigest()


def _encoded(source: str, there: Draft) -> bytes:
    """The text as bytes, with the line ends of the file that it goes into."""
    text = source.replace("\r\n", "\n")
    if "\r\n" in there.source and "\n" not in there.source.replace("\r\n", ""):
        text = text.replace("\n", "\r\n")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise WorkspaceError(
            "This text holds half a character (a lone surrogate), which no file can hold.", str(there.path)
        ) from None
