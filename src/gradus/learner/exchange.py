"""Export and import: the whole record as one JSON file, exchanged by event id.

Importing adds the events that are not here; doing it twice changes nothing. A malformed file is refused with the place,
before anything is written.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gradus.errors import UsageError
from gradus.learner.events import KINDS, LATEST, Event, encode
from gradus.learner.records import Imported
from gradus.learner.store import Store, insert_event, insert_source, insert_verdict

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMAT = "gradus-export"
VERSION = 1
MOST_BYTES = 512 * 1024 * 1024
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Time = Annotated[int, Field(ge=0, le=LATEST)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ExportedEvent(_Strict):
    """One event as it stands in an export."""

    id: _Id
    learner: _Id
    kind: Literal[KINDS]  # type: ignore[valid-type]  # the tuple is the one list of kinds
    subject: Annotated[str, StringConstraints(max_length=200)]
    at: _Time
    tick: _Time
    data: dict[str, Any]
    source: _Sha | None = None
    verdict: dict[str, Any] | None = None


class ExportedSource(_Strict):
    """A checked text: as text when it is UTF-8, else as Base64."""

    text: str | None = None
    base64: str | None = None


class Export(_Strict):
    """The whole file."""

    format: Literal["gradus-export"]
    version: Literal[1]
    learner: _Id
    exported_at: str
    events: list[ExportedEvent]
    sources: dict[_Sha, ExportedSource]


def export(store: Store, now: datetime) -> dict[str, Any]:
    """The whole record as JSON data."""
    events, _ = store.events()
    ordered = sorted(events, key=lambda event: event.order)
    hashes = sorted({event.source for event in ordered if event.source})
    bodies = {sha: body for sha in hashes if (body := store.source(sha)) is not None}
    return {
        "format": FORMAT,
        "version": VERSION,
        "learner": store.learner,
        "exported_at": now.isoformat(),
        "events": [_event_json(event, store.verdict(event.id)) for event in ordered],
        "sources": {sha: _source_json(body) for sha, body in bodies.items()},
    }


def _event_json(event: Event, verdict: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "id": event.id,
        "learner": event.learner,
        "kind": event.kind,
        "subject": event.subject,
        "at": event.at,
        "tick": event.tick,
        "data": dict(event.data),
        "source": event.source,
        "verdict": verdict,
    }


def _source_json(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def import_events(store: Store, content: str | bytes | Mapping[str, Any]) -> Imported:
    """Add what is not here yet, all of it or nothing. Raises UsageError with the place of what is malformed."""
    exported = _parse(content)
    bodies = {sha: _body(sha, source) for sha, source in exported.sources.items()}
    _check_data(exported)

    def write(connection: Connection) -> Imported:
        known = {str(row[0]) for row in connection.exec_driver_sql("SELECT id FROM events")}
        new = [event for event in exported.events if event.id not in known]
        for event in new:
            if event.source is not None:
                body = bodies.get(event.source)
                packed = zlib.compress(body) if body is not None else None
                insert_source(connection, event.source, len(body or b""), packed)
            kept = Event(
                event.id, event.learner, event.kind, event.subject, event.at, event.tick, event.data, event.source
            )
            insert_event(connection, kept, encode(event.data))
            if event.verdict is not None:
                insert_verdict(connection, event.id, zlib.compress(encode(event.verdict).encode()))
        return Imported(len(new), len(exported.events) - len(new))

    return store.transact(write)


def _parse(content: str | bytes | Mapping[str, Any]) -> Export:
    try:
        if isinstance(content, Mapping):
            return Export.model_validate(dict(content))
        if len(content) > MOST_BYTES:
            raise _refused("it is larger than 512 MB")
        return Export.model_validate(json.loads(content, parse_constant=_no_constant))
    except ValidationError as error:
        first = error.errors()[0]
        raise _refused(f"{_place(first['loc'])}: {first['msg']}") from None
    except json.JSONDecodeError as error:
        raise _refused(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except UnicodeDecodeError as error:
        raise _refused(f"byte {error.start}: not UTF-8 text") from None
    except RecursionError:
        raise _refused("it is nested too deeply") from None
    except ValueError as error:
        raise _refused(str(error)) from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f"{'.' if place else ''}{part}"
    return place or "the whole file"


def _body(sha: str, source: ExportedSource) -> bytes:
    try:
        if (source.text is None) == (source.base64 is None):
            raise ValueError("needs either text or base64")
        if source.text is not None:
            body = source.text.encode("utf-8")
        else:
            body = base64.b64decode(source.base64 or "", validate=True)
    except ValueError as error:
        raise _refused(f"sources.{sha}: {error}") from None
    if hashlib.sha256(body).hexdigest() != sha:
        raise _refused(f"sources.{sha}: the text does not have this SHA-256")
    return body


def _check_data(exported: Export) -> None:
    seen: set[str] = set()
    for position, event in enumerate(exported.events):
        if event.id in seen:
            raise _refused(f"events[{position}].id: it stands in the file twice")
        seen.add(event.id)
        for name, data in (("data", event.data), ("verdict", event.verdict or {})):
            try:
                encode(data).encode("utf-8")
            except (ValueError, RecursionError) as error:
                raise _refused(f"events[{position}].{name}: {error}") from None


def _refused(reason: str) -> UsageError:
    return UsageError(f"This is not a whole export of Gradus: {reason}.", next_step="Nothing was imported.")
