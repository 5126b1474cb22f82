"""Cards and outcomes of a unit."""

from pathlib import Path

import pytest

from gradus.author.units import unit_problems

UNIT = """title = "Means"
summary = "Where values lie."
minutes = 30
[[outcomes]]
id = "means"
can = "Say where values lie."
"""
CARD = """[[cards]]
id = "{id}"
outcome = "means"
question = "What is the mean of 1 and 3?"
[[cards.choices]]
text = "2"
correct = true
why = "The sum is 4, and there are two of them."
[[cards.choices]]
text = "4"
why = "That is the sum."
"""
CARDS = """from gradus.roadmap import Card, Choice


def mean_of_two(rng):
    a, b = rng.sample(range(1, 50), 2)
    return Card(
        id="mean_of_two",
        outcome="means",
        question=f"What is the mean of {a} and {b}?",
        choices=(
            Choice(f"{(a + b) / 2:g}", True, "The sum over the count."),
            Choice(f"{a + b + 0.25:g}", False, "That is near the sum."),
        ),
    )


def another(rng):
    return Card(
        id="another",
        outcome="means",
        question=f"Is {rng.randrange(10**6)} a number?",
        choices=(Choice("yes", True, "It is."), Choice("no", False, "Look again.")),
    )
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "1-start" / "1-means"
    made.mkdir(parents=True)
    (made / "unit.toml").write_text(UNIT + "".join(CARD.format(id=f"c{i}") for i in range(3)))
    (made / "cards.py").write_text(CARDS)
    return made


def told(folder: Path, cards: str | None = None, unit: str | None = None) -> list[str]:
    if cards is not None:
        (folder / "cards.py").write_text(cards)
    if unit is not None:
        (folder / "unit.toml").write_text(unit)
    return [str(problem) for problem in unit_problems(folder)]


def test_only_the_exercise_is_missing(folder: Path) -> None:
    assert told(folder) == ["unit.toml (outcome means): no exercise practices it"]


def test_too_few_cards_and_items(folder: Path) -> None:
    problems = told(folder, cards="", unit=UNIT + CARD.format(id="c"))
    assert "unit.toml (cards): 1 cards; a unit has at least 5" in problems
    assert "cards.py: 0 computed cards; at least 2 are computed from random values" in problems
    assert "unit.toml (outcome means): 1 exercises and cards reach it; mastery needs at least 3" in problems


def test_a_choice_without_a_reason_is_refused_with_its_line(folder: Path) -> None:
    (problem,) = told(folder, unit=UNIT + CARD.format(id="c").replace('why = "That is the sum."\n', ""))
    assert problem.startswith("unit.toml (line ")
    assert "every choice needs its own explanation" in problem


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("{a + b + 0.25:g}", "{(a + b) / 2:g}", "two choices read the same"),
        ("(a + b) / 2", "(a + b) // (a % 3)", "ZeroDivisionError"),
        ("rng.sample(range(1, 50), 2)", "__import__('random').sample(range(1, 50), 2)", "gives two different cards"),
        ("rng.sample(range(1, 50), 2)", "1, 3", "the same for nearly every seed"),
        ('"That is near the sum."', '"The sum over the count."', "the same explanation"),
        ('"That is near the sum."', '"That is the colour!"', "“colour” is spelled “color”"),
        ('outcome="means"', 'outcome="medians"', "no outcome “medians”"),
    ],
)
def test_what_is_wrong_with_a_computed_card(folder: Path, before: str, after: str, what: str) -> None:
    problems = told(folder, cards=CARDS.replace(before, after, 1))
    assert any(p.startswith("cards.py (mean_of_two):") and what in p for p in problems)


def test_cards_that_do_not_load(folder: Path) -> None:
    assert any(p.startswith("cards.py: it does not load: SyntaxError") for p in told(folder, cards="def ("))


def test_resources_need_addresses(folder: Path) -> None:
    resource = '[[resources]]\ntitle = "A book"\nurl = "htp:/book"\nwhy = "It adds proofs."\n'
    assert any(p.startswith("unit.toml (resource A book):") for p in told(folder, unit=UNIT + resource))
