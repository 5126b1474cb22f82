"""``service.toml``: what a project says about its own service. Other tables belong to other provers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from gradus.provers.service.faults import Found

NAME = "service.toml"
LIMIT = 256 * 1024
Bind = Literal["loopback", "all"]
_ALL = ("0.0.0.0", "::", "*")


@dataclass(frozen=True)
class Promotion:
    """How a new model takes the old one's place."""

    command: tuple[str, ...]
    restart: bool = True
    within: float = 10.0


@dataclass(frozen=True)
class Declared:
    """A project's service as declared. ``model`` and ``rows`` lie below the project's folder."""

    command: tuple[str, ...]
    predict: str
    answer: str
    ready: str | None = None
    health: str | None = None
    live: str | None = None
    batch: str | None = None
    version: str | None = None
    records: str = "rows"
    answers: str = "answers"
    model: tuple[str, ...] = ()
    bind: Bind = "loopback"
    env: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = 60.0
    offline: str | None = None
    rows: str | None = None
    target: str | None = None
    drop: tuple[str, ...] = ()
    promote: Promotion | None = None

    @property
    def only_batches(self) -> bool:
        """Whether one address takes rows, always as a list: a single row is then a batch of one."""
        return self.batch is not None and self.batch == self.predict

    @property
    def waits_for(self) -> str:
        """The address that says when the service can be asked."""
        return self.ready or self.health or "/"


def read_declared(folder: Path) -> Declared:
    """Read ``service.toml``. Raises :class:`Found` (``not_declared``) with the place and the reason."""
    path = folder / NAME
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except OSError as error:
        reason = "there is none" if isinstance(error, FileNotFoundError) else str(error.strerror)
        raise Found("not_declared", f"`{NAME}` cannot be read: {reason}.") from None
    if len(content) > LIMIT:
        raise Found("not_declared", f"`{NAME}` is larger than {LIMIT // 1024} KB.")
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Found("not_declared", f"`{NAME}` is not TOML: {error}.") from None
    return _checked(document)


def _checked(document: dict[str, Any]) -> Declared:
    """The tables this prover reads, checked by their types."""
    from pydantic import ValidationError

    from gradus.provers.service.declared_model import Document

    try:
        found = Document.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Found("not_declared", f"`{NAME}`, `{place}`: {first['msg']}.") from None
    service, offline, promote = found.service, found.offline, found.promote
    return Declared(
        command=tuple(service.command),
        predict=service.predict,
        answer=service.answer,
        ready=service.ready,
        health=service.health,
        live=service.live,
        batch=service.batch,
        version=service.version,
        records=service.records,
        answers=service.answers,
        model=tuple(service.model),
        bind=service.bind or _bind_of(service.command),
        env=dict(service.env),
        start_seconds=service.start_seconds,
        offline=offline.predict if offline else None,
        rows=offline.rows if offline else None,
        target=offline.target if offline else None,
        drop=tuple(offline.drop) if offline else (),
        promote=Promotion(tuple(promote.command), promote.restart, promote.within) if promote else None,
    )


def _bind_of(command: list[str]) -> Bind:
    """What the command itself says, where nothing else is declared: ``--host 0.0.0.0`` means all interfaces."""
    words = [word for part in command for word in part.replace("=", " ").replace(":$PORT", " ").split()]
    return "all" if any(word in _ALL for word in words) else "loopback"
