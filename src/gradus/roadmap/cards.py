"""Cards whose question is computed: a unit's ``cards.py`` holds one function a card, named after it."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

from gradus.errors import ContentError, UsageError
from gradus.roadmap.loading import card_problem
from gradus.roadmap.models import Card, Unit


def computed_card_ids(unit: Unit) -> tuple[str, ...]:
    """The ids of a unit's computed cards, in the order they are written."""
    return tuple(_computed(unit.cards_path))


def card_ids(unit: Unit) -> tuple[str, ...]:
    """Every card of a unit: the fixed ones, then the computed ones."""
    return tuple(card.id for card in unit.cards) + computed_card_ids(unit)


def draw_card(unit: Unit, card_id: str, seed: int) -> Card:
    """A card to ask; a computed one is drawn from ``seed`` and can be drawn again.

    Raises UsageError for an unknown id and ContentError when the card's function makes a malformed card.
    """
    for card in unit.cards:
        if card.id == card_id:
            return card
    make = _computed(unit.cards_path).get(card_id)
    if make is None:
        raise UsageError(f"Unit {unit.number} has no card “{card_id}”.")
    card = make(random.Random(seed))
    problem = card_problem(card) or _outcome_problem(unit, card) or (None if card.id == card_id else "its id differs")
    if problem:
        raise ContentError(f"card “{card_id}” (seed {seed}): {problem}", str(unit.cards_path))
    return card


def _outcome_problem(unit: Unit, card: Card) -> str | None:
    known = {outcome.id for outcome in unit.outcomes}
    return None if card.outcome in known else f"the unit has no outcome “{card.outcome}”"


@cache
def _computed(path: Path) -> dict[str, Callable[[random.Random], Card]]:
    if not path.is_file():
        return {}
    module = ModuleType(f"cards_of_{path.parent.name}")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
