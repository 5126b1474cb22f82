"""Check what a unit promises and asks: outcomes that are practiced, cards whose choices explain themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gradus.author.lesson_text import link_problem
from gradus.author.proofs import Problem
from gradus.author.prose import prose, tone_problems
from gradus.errors import GradusError
from gradus.roadmap import Card, Unit, card_problem, computed_card_ids, draw_card, load_unit

CARD_SEEDS: Final = 50
_CARDS: Final = 5
_COMPUTED: Final = 2
_ITEMS: Final = 3


def unit_problems(folder: Path) -> list[Problem]:
    """Everything wrong with unit.toml and cards.py that loading them does not refuse."""
    stage, position = (int(re.match(r"\d+", part.name)[0]) for part in (folder.parent, folder))  # type: ignore[index]
    try:
        unit = load_unit(folder, stage, position)
    except GradusError as error:
        return [_refused(error, folder)]
    problems, drawn = _card_problems(unit)
    return [*problems, *_outcome_problems(unit, drawn), *_resource_problems(unit)]


def _refused(error: GradusError, folder: Path) -> Problem:
    where = error.where.replace(f"{folder}/", "").replace(str(folder), "")
    file, _, line = where.partition(":")
    return Problem(file or "unit.toml", f"line {line}" if line else "", error.what)


def _card_problems(unit: Unit) -> tuple[list[Problem], list[Card]]:
    """Problems of the cards, and one drawing of each."""
    problems: list[Problem] = []
    cards = list(unit.cards)
    for card in unit.cards:
        problems += [Problem("unit.toml", f"card {card.id}", what) for what in _words(card)]
    try:
        computed = computed_card_ids(unit)
    except Exception as error:
        return [*problems, Problem("cards.py", "", f"it does not load: {type(error).__name__}: {error}")], cards
    for name in computed:
        drawn, told = _draw_many(unit, name)
        cards += drawn[:1]
        problems += [Problem("cards.py", name, what) for what in told]
        if drawn and len({card.question + str(card.choices) for card in drawn}) < 3:
            problems.append(
                Problem("cards.py", name, "it is the same for nearly every seed: the answer can be memorized")
            )
    if len(unit.cards) + len(computed) < _CARDS:
        what = f"{len(unit.cards) + len(computed)} cards; a unit has at least {_CARDS}"
        problems.append(Problem("unit.toml", "cards", what))
    if len(computed) < _COMPUTED:
        what = f"{len(computed)} computed cards; at least {_COMPUTED} are computed from random values"
        problems.append(Problem("cards.py", "", what))
    return problems, cards


def _draw_many(unit: Unit, name: str) -> tuple[list[Card], list[str]]:
    drawn: list[Card] = []
    for seed in range(CARD_SEEDS):
        try:
            card = draw_card(unit, name, seed)
            again = draw_card(unit, name, seed)
        except GradusError as error:
            return drawn, [error.what]
        except Exception as error:
            return drawn, [f"it fails for seed {seed}: {type(error).__name__}: {error}"]
        if told := card_problem(card):
            return drawn, [f"seed {seed}: {told}"]
        if card != again:
            return drawn, [f"seed {seed} gives two different cards: use nothing random but the generator it is given"]
        if words := _words(card):
            return drawn, [f"seed {seed}: {words[0]}"]
        drawn.append(card)
    return drawn, []


def _words(card: Card) -> list[str]:
    """What is wrong with a card's words."""
    texts = [card.question, *(choice.text for choice in card.choices), *(choice.why for choice in card.choices)]
    found = [what for text in texts for what in tone_problems(prose(text))]
    whys = Counter(choice.why.strip() for choice in card.choices)
    found += [f"two choices have the same explanation, “{why[:60]}”" for why, n in whys.items() if n > 1]
    return list(dict.fromkeys(found))


def _outcome_problems(unit: Unit, cards: list[Card]) -> Iterator[Problem]:
    by_card = Counter(card.outcome for card in cards)
    by_exercise = Counter(skill for exercise in unit.exercises for skill in exercise.skills)
    for outcome in unit.outcomes:
        if not by_exercise[outcome.id]:
            yield Problem("unit.toml", f"outcome {outcome.id}", "no exercise practices it")
        if (items := by_card[outcome.id] + by_exercise[outcome.id]) < _ITEMS:
            what = f"{items} exercises and cards reach it; mastery needs at least {_ITEMS}"
            yield Problem("unit.toml", f"outcome {outcome.id}", what)
        for what in tone_problems(outcome.can):
            yield Problem("unit.toml", f"outcome {outcome.id}", what)


def _resource_problems(unit: Unit) -> Iterator[Problem]:
    for resource in unit.resources:
        if problem := link_problem(resource.url, unit.folder):
            yield Problem("unit.toml", f"resource {resource.title}", problem)
        for what in tone_problems(resource.why):
            yield Problem("unit.toml", f"resource {resource.title}", what)
