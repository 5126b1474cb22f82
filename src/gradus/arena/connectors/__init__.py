"""Competitions on other people's servers, over their official clients (Kaggle's is the extra ``competitions``).

``kaggle:titanic``, ``kaggle:house-prices``, ``kaggle:SLUG`` and ``openml:TASK`` are fetched into the workspace; a
submission is checked against what the server asks for before anything is sent. Credentials stay where the clients keep
them: they are neither read nor stored here.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gradus.errors import GradusError, StoreError, UsageError
from gradus.vault.rows import write_whole

META = "competition.json"
HOSTS = {"kaggle": "Kaggle", "openml": "OpenML"}
EXTRA = 'pip install "gradus-ml[competitions]"'


class RemoteError(GradusError):
    """A server, or the way to it, did not do what was asked; the words say which and what to do."""


@dataclass(frozen=True)
class Remote:
    """A competition that was fetched. ``key`` is its name on the server."""

    name: str
    service: str
    key: str
    title: str
    folder: Path
    files: tuple[str, ...]
    sample: str
    columns: tuple[str, ...]
    rows: int
    metric: str
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The server's name in a sentence."""
        return HOSTS[self.service]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "service": self.service, "key": self.key, "title": self.title,
            "folder": str(self.folder),
            "files": list(self.files), "sample": self.sample, "columns": list(self.columns), "rows": self.rows,
            "metric": self.metric, "more": dict(self.more),
        }  # fmt: skip


@dataclass(frozen=True)
class HandedIn:
    """What a server said about a submission. ``score`` is None while it has none."""

    name: str
    host: str
    ref: str
    metric: str
    score: float | None
    rank: int | None = None
    of: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "host": self.host, "ref": self.ref, "metric": self.metric, "score": self.score,
            "rank": self.rank, "of": self.of,
        }  # fmt: skip


@dataclass(frozen=True)
class RemoteSubmission:
    """One of your submissions as the server has it."""

    ref: str
    at: str
    note: str
    status: str
    score: float | None


@dataclass(frozen=True)
class RemoteStanding:
    """Your submissions and rank as the server has them."""

    name: str
    title: str
    host: str
    submissions: tuple[RemoteSubmission, ...]
    rank: int | None
    of: int | None

    def to_json(self) -> dict[str, Any]:
        made = [
            {"ref": each.ref, "at": each.at, "note": each.note, "status": each.status, "score": each.score}
            for each in self.submissions
        ]
        return {"name": self.name, "host": self.host, "submissions": made, "rank": self.rank, "of": self.of}


class Connector(Protocol):
    """What each service's module offers, as functions."""

    def fetch(self, key: str, folder: Path) -> dict[str, Any]: ...
    def hand_in(self, remote: Remote, path: Path, note: str) -> HandedIn: ...
    def standing(self, remote: Remote) -> RemoteStanding: ...


def is_remote(name: str) -> bool:
    """Whether a name stands for a competition on somebody's server."""
    return name.partition(":")[0] in HOSTS and ":" in name


def fetch(root: Path, name: str) -> Remote:
    """Download a competition into ``arena/SERVICE-KEY/``; other files there stay. Raises UsageError or RemoteError."""
    service, _, key = name.partition(":")
    key = key.strip().strip("/")
    if not key or not all(char.isalnum() or char in "-_" for char in key):
        raise UsageError(
            f"“{name}” names no competition.", next_step="Write kaggle:titanic or openml:31, for instance."
        )
    own = f"{service}-{key}"
    folder = root / "arena" / own
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = _connector(service).fetch(key, folder)
    except GradusError:
        with contextlib.suppress(OSError):
            folder.rmdir()  # only where nothing lies in it
        raise
    meta = {"kind": service, "name": own, **found}
    private = root / ".gradus" / "arena" / own
    private.mkdir(parents=True, exist_ok=True)
    write_whole(private / META, json.dumps(meta, indent=2, ensure_ascii=False).encode() + b"\n")
    return _remote(root, meta)


def find_remote(root: Path, name: str) -> Remote | None:
    """The fetched competition of that name (``kaggle-titanic`` or ``kaggle:titanic``), or None."""
    if is_remote(name):
        name = name.replace(":", "-", 1)
    if "/" in name or "\\" in name or name.startswith("."):
        return None
    path = root / ".gradus" / "arena" / name / META
    try:
        meta = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise StoreError(f"The competition “{name}” cannot be read: {error}.", str(path)) from None
    return _remote(root, meta) if meta.get("kind") in HOSTS else None


def remotes(root: Path) -> tuple[Remote, ...]:
    """Every competition that was fetched."""
    base = root / ".gradus" / "arena"
    names = sorted(path.parent.name for path in base.glob(f"*/{META}")) if base.is_dir() else []
    return tuple(found for found in (find_remote(root, name) for name in names) if found is not None)


def hand_in(remote: Remote, path: Path, note: str) -> HandedIn:
    """Check a submission against the sample and hand it in. Nothing is sent that does not fit."""
    from gradus.arena.connectors.check import require_like_sample

    require_like_sample(path, remote.folder / remote.sample)
    return _connector(remote.service).hand_in(remote, path, note)


def standing(remote: Remote) -> RemoteStanding:
    """Your submissions and rank, read back from the server."""
    return _connector(remote.service).standing(remote)


def _connector(service: str) -> Connector:
    from importlib import import_module

    module: Any = import_module(f"gradus.arena.connectors.{service}_client")
    return module  # type: ignore[no-any-return]


def _remote(root: Path, meta: Mapping[str, Any]) -> Remote:
    return Remote(
        name=meta["name"], service=meta["kind"], key=meta["key"], title=meta["title"],
        folder=root / "arena" / meta["name"], files=tuple(meta["files"]), sample=meta["sample"],
        columns=tuple(meta["columns"]), rows=meta["rows"], metric=meta["metric"], more=meta.get("more", {}),
    )  # fmt: skip
