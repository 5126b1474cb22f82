"""What is remembered: events, appended and never changed. Everything else is a view rebuilt from them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

# Kinds of events. The subject is an exercise, a unit, a card (``unit/card``), a stage, or empty.
ATTEMPT = "attempt"  # subject: exercise; data: outcome, context, seed, diagnosis, headline, exercise_digest, …
HINT = "hint"  # subject: exercise; data: level
SOLUTION = "solution"  # subject: exercise; shown before a pass it makes later passes aided
WAYS = "ways"  # subject: exercise; shown after a pass
RESET = "reset"  # subject: exercise; the old work is the event's source
REVIEW = "review"  # subject: exercise; a re-solve was laid out
CARD = "card"  # subject: unit/card; data: seed, choice, correct, outcome
LESSON = "lesson"  # subject: unit; data: seconds (or null)
PLACEMENT = "placement"  # subject: stage number; data: exercises
MILESTONE = "milestone"  # subject: stage number; data: proved, evidence
PLAN = "plan"  # subject: empty; data: background, hours_per_week, track, start
KINDS = (ATTEMPT, HINT, SOLUTION, WAYS, RESET, REVIEW, CARD, LESSON, PLACEMENT, MILESTONE, PLAN)

# Where an attempt's file lay.
WORK, REVIEWING, PLACING = "work", "review", "placement"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 7_258_118_400_000_000  # the year 2200, in microseconds: no honest clock is past it


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    ``at`` is what the wall clock said, in microseconds since 1970 UTC. ``tick`` orders events: the larger of the wall
    clock and the last tick plus one, so a clock that jumps back reorders nothing. ``source`` is the SHA-256 of the text
    that was checked; the text itself lies in the store, compressed. ``learner`` names who did it.
    """

    id: str
    learner: str
    kind: str
    subject: str
    at: int
    tick: int
    data: Mapping[str, Any]
    source: str | None = None

    @property
    def when(self) -> datetime:
        """The wall clock's time, in UTC."""
        return from_microseconds(self.at)

    @property
    def order(self) -> tuple[int, str]:
        """Events sort by this, everywhere the same."""
        return self.tick, self.id


def microseconds(when: datetime) -> int:
    """Whole microseconds since 1970 UTC; ``when`` must know its time zone."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """The UTC time of ``microseconds``."""
    return _EPOCH + timedelta(microseconds=value)


def encode(data: Mapping[str, Any]) -> str:
    """The one way an event's data is written: sorted keys, no spaces, Unicode kept as escapes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def checksum(id: str, learner: str, kind: str, subject: str, at: int, tick: int, data: str, source: str | None) -> int:
    """CRC-32 over every field: SQLite does not notice a flipped bit inside a value, this does."""
    fields = (id, learner, kind, subject, str(at), str(tick), data, source or "")
    return zlib.crc32("\0".join(fields).encode("utf-8", "surrogatepass"))
