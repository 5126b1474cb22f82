"""Asking a card: its values and the order of its choices follow from a seed, so that it can be asked again exactly."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from gradus.errors import UsageError
from gradus.learner.records import Question

if TYPE_CHECKING:
    from gradus.roadmap import Card, Roadmap, Unit

MOST_SEED = 2**31 - 1


def find_card(roadmap: Roadmap, name: str) -> tuple[Unit, str]:
    """The unit and the card id of ``unit/card``. Raises UsageError when there is none."""
    from gradus.roadmap import card_ids

    unit_id, slash, card = name.partition("/")
    if not slash:
        raise UsageError(f"“{name}” is not a card.", next_step="A card is named UNIT/CARD; `gradus review` lists them.")
    unit = roadmap.unit(unit_id)
    if card not in card_ids(unit):
        raise UsageError(f"Unit {unit.number} has no card “{card}”.", next_step="`gradus review` lists what is due.")
    return unit, card


def draw(roadmap: Roadmap, name: str, seed: int) -> tuple[Question, Card, tuple[int, ...]]:
    """The question as asked, the card behind it, and which of its choices stands at each place."""
    from gradus.roadmap import draw_card

    unit, card_id = find_card(roadmap, name)
    card = draw_card(unit, card_id, seed)
    order = list(range(len(card.choices)))
    random.Random(f"{seed}/{name}").shuffle(order)
    texts = tuple(card.choices[place].text for place in order)
    return Question(f"{unit.id}/{card_id}", unit.id, card.outcome, card.question, texts, seed), card, tuple(order)
