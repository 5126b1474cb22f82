"""Cards: the fixed ones and those computed from a seed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gradus.errors import ContentError, UsageError
from gradus.roadmap import Unit, card_ids, draw_card, load_roadmap

COMPUTED = """
import random
from gradus.roadmap import Card, Choice

def sum_of_two(rng: random.Random) -> Card:
    a, b = rng.randint(2, 99), rng.randint(2, 99)
    right, wrong = Choice(str(a + b), True, "Added."), Choice(str(a + b + 1), False, "One too many.")
    return Card(id="sum_of_two", outcome="OUTCOME", question=f"{a} + {b}?", choices=(right, wrong))

def broken(rng: random.Random) -> Card:
    return Card(id="broken", outcome="OUTCOME", question="?", choices=(Choice("a", True, "x"), Choice("b", True, "y")))
"""


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    real = load_roadmap().unit("numpy")
    (tmp_path / "cards.py").write_text(COMPUTED.replace("OUTCOME", real.outcomes[0].id))
    return dataclasses.replace(real, folder=tmp_path, cards=())


def test_a_computed_card_is_drawn_again_from_its_seed(unit: Unit) -> None:
    assert card_ids(unit) == ("sum_of_two", "broken")
    assert draw_card(unit, "sum_of_two", 7) == draw_card(unit, "sum_of_two", 7)
    assert len({draw_card(unit, "sum_of_two", seed).question for seed in range(20)}) > 10
    card = draw_card(unit, "sum_of_two", 7)
    assert card.choices[card.answer].why == "Added."


def test_a_malformed_computed_card_names_its_seed(unit: Unit) -> None:
    with pytest.raises(ContentError, match=r"seed 3.*exactly one"):
        draw_card(unit, "broken", 3)


def test_an_unknown_card_is_refused(unit: Unit) -> None:
    with pytest.raises(UsageError, match="no card"):
        draw_card(unit, "nothing", 0)
