"""Three unaided passes on different items, one of them a day or more after the first."""

from __future__ import annotations

import pytest

from gradus.learner import OutcomeMastery
from tests.learner.conftest import Desk


def outcome(desk: Desk, name: str) -> OutcomeMastery:
    return next(row for row in desk.learner.mastery().outcomes if row.id == name)


def test_three_items_over_a_day_show_an_outcome(desk: Desk) -> None:
    desk.submit("add")
    desk.submit("double")
    assert not outcome(desk, "plus").mastered
    desk.submit("cube", hours=23)
    assert outcome(desk, "plus").missing == "one of them a day or more after the first"
    desk.answer("first/plus-card-1", hours=2)
    shown = outcome(desk, "plus")
    assert shown.mastered_at == desk.clock.now
    assert [(e.item, e.kind) for e in shown.evidence] == [
        ("add", "exercise"), ("double", "exercise"), ("cube", "exercise"), ("first/plus-card-1", "card"),
    ]  # fmt: skip
    events = {event.id for _, event in desk.learner.history().times}
    assert {e.event for e in shown.evidence} <= events
    assert shown.missing == ""
    assert desk.statuses()["add"] == "mastered"


def test_nothing_done_says_what_is_needed(desk: Desk) -> None:
    row = outcome(desk, "plus")
    assert (row.can, row.evidence) == ("Do plus.", ())
    assert row.missing == "3 more unaided passes on new items, one of them a day or more after the first"


def test_cards_alone_do_not_show_it(desk: Desk) -> None:
    for days, card in enumerate(("plus-card-1", "plus-card-2", "sum_of_two")):
        if card == "sum_of_two":
            question = desk.learner.ask_card("first/sum_of_two", 4)
            a, b = map(int, question.question.rstrip("?").split(" + "))
            desk.learner.answer_card("first/sum_of_two", question.choices.index(str(a + b)), 4)
        else:
            desk.answer(f"first/{card}", days=days)
    assert not outcome(desk, "plus").mastered
    assert "one of them code that runs" in outcome(desk, "plus").missing
    desk.submit("add")
    assert outcome(desk, "plus").mastered


def test_helped_passes_do_not_count(desk: Desk) -> None:
    desk.learner.hint("add")
    desk.submit("add")
    assert outcome(desk, "plus").evidence == ()


def test_passing_the_same_file_again_is_one_item(desk: Desk) -> None:
    for _ in range(4):
        desk.submit("add", days=2)
    assert len(outcome(desk, "plus").evidence) == 1


def test_a_resolve_is_an_item_of_its_own_once(desk: Desk) -> None:
    desk.submit("negate")
    for _ in range(3):
        desk.clock.pass_(days=20)
        desk.learner.start_review("negate")
        desk.submit("negate", "PASS", "review")
    assert [e.item for e in outcome(desk, "minus").evidence] == ["negate", "negate again"]


@pytest.mark.parametrize("help_", ["hint", "solution", "ways"])
def test_a_resolve_with_help_does_not_count(desk: Desk, help_: str) -> None:
    desk.submit("negate")
    desk.clock.pass_(days=20)
    if help_ == "hint":
        desk.learner.start_review("negate")
        desk.learner.hint("negate")
    elif help_ == "ways":
        desk.learner.start_review("negate")
        with pytest.raises(Exception, match="after you pass"):
            desk.learner.ways("negate")
        desk.learner.hint("negate")
    else:
        desk.learner.start_review("negate")
        for _ in range(3):
            desk.learner.hint("negate")
        desk.learner.solution("negate")
    desk.submit("negate", "PASS", "review")
    assert [e.item for e in outcome(desk, "minus").evidence] == ["negate"]


def test_right_after_the_explanation_of_a_wrong_answer_does_not_count(desk: Desk) -> None:
    desk.answer("first/plus-card-1", right=False)
    desk.answer("first/plus-card-1", right=True, minutes=1)
    assert outcome(desk, "plus").evidence == ()
    desk.answer("first/plus-card-1", right=True, days=1)
    assert [e.item for e in outcome(desk, "plus").evidence] == ["first/plus-card-1"]


def test_what_was_shown_stays_shown(desk: Desk) -> None:
    desk.submit("add")
    desk.submit("double")
    desk.submit("cube", days=2)
    since = outcome(desk, "plus").mastered_at
    assert since is not None
    desk.submit("add", "not yet")
    desk.answer("first/plus-card-1", right=False, days=5)
    assert outcome(desk, "plus").mastered_at == since


def test_the_late_pass_must_be_on_another_item_than_the_first(desk: Desk) -> None:
    desk.answer("first/plus-card-1")
    desk.submit("add")
    desk.answer("first/plus-card-1", days=3)
    assert not outcome(desk, "plus").mastered  # two items
    desk.submit("double", minutes=1)
    assert outcome(desk, "plus").mastered
