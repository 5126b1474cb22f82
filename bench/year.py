"""A workspace with a year behind it: 20,000 attempts, and hints, cards and lessons between them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gradus.learner import Event, Learner, Workspace
from gradus.learner.events import ATTEMPT, CARD, HINT, LESSON, encode, microseconds
from gradus.learner.store import insert_event, insert_source
from gradus.roadmap import Roadmap, card_ids, load_roadmap

ATTEMPTS = 20_000
SOURCE = b"def answer(x):\n    return x\n"


def year(folder: Path, attempts: int = ATTEMPTS, seed: int = 7) -> Workspace:
    """Lay out a workspace in ``folder`` and fill its record; the plan is set, the last attempt was an hour ago."""
    roadmap = load_roadmap()
    workspace = Workspace.create(folder, roadmap, git=False)
    with Learner.open(workspace, roadmap) as learner:
        start = datetime.now(UTC) - timedelta(days=365)
        learner.plan(background="developer", hours_per_week=10, track="ml-engineer", start=start.date())
        happened = list(_happened(roadmap, attempts, random.Random(seed), start))

        def write(connection: Any) -> None:
            import hashlib
            import zlib

            digest = hashlib.sha256(SOURCE).hexdigest()
            insert_source(connection, digest, len(SOURCE), zlib.compress(SOURCE))
            for at, kind, subject, data in happened:
                when = microseconds(at)
                source = digest if kind == ATTEMPT else None
                event = Event(uuid.uuid4().hex, learner.store.learner, kind, subject, when, when, data, source)
                insert_event(connection, event, encode(data))

        learner.store.transact(write)
    return workspace


def _happened(
    roadmap: Roadmap, attempts: int, rng: random.Random, start: datetime
) -> Iterator[tuple[datetime, str, str, dict[str, Any]]]:
    units = [unit for unit in roadmap.units if not unit.coming]
    cards = [(unit, f"{unit.id}/{card}") for unit in units for card in card_ids(unit)]
    step = timedelta(seconds=90)  # … in one sitting a day
    a_day = attempts // 364 + 1
    for number in range(attempts):
        if number % a_day == 0:
            at = start + timedelta(days=number // a_day)
        reach = max(1, round(len(units) * min(1.0, 1.2 * (number + 1) / attempts)))
        unit = rng.choice(units[:reach])
        exercise = rng.choice(unit.exercises)
        at += step
        if number % 50 == 0:
            yield at, LESSON, unit.id, {"seconds": None}
        if number % 8 == 0:
            at += step
            yield at, HINT, exercise.id, {"level": 1}
        if number % 8 == 4:
            at += step
            card_unit, card = rng.choice(cards)
            if card_unit in units[:reach]:
                outcome = card_unit.outcomes[0].id
                yield at, CARD, card, {"seed": 3, "choice": 0, "correct": rng.random() < 0.8, "outcome": outcome}
        outcome = rng.choices(("passed", "not_yet", "broken"), (4, 5, 1))[0]
        data = {"outcome": outcome, "context": rng.choices(("work", "review"), (3, 1))[0], "seed": "1",
                "headline": "Each column's spread is slightly too small.", "diagnosis": "sample_deviation",
                "exercise_digest": exercise.digest, "version": "0", "milliseconds": 12.0}  # fmt: skip
        yield at, ATTEMPT, exercise.id, data
