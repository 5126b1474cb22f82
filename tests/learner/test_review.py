"""What comes back, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gradus.errors import UsageError
from gradus.learner import ReviewItem, Workspace
from gradus.learner.review import exercise_grades, schedule
from tests.learner.conftest import START, Desk


def item(desk: Desk, name: str) -> ReviewItem | None:
    queue = desk.learner.review_queue()
    assert all(i.due <= queue.at for i in queue.due)
    assert all(i.due > queue.at for i in queue.later)
    return next((i for i in (*queue.due, *queue.later) if i.id == name), None)


def due_in(desk: Desk, name: str) -> timedelta:
    found = item(desk, name)
    assert found is not None
    return found.due - desk.clock.now


def test_nothing_comes_back_before_anything_was_learned(desk: Desk) -> None:
    queue = desk.learner.review_queue()
    assert (queue.due, queue.later) == ((), ())


def test_cards_of_a_started_unit_come_after_a_day_or_when_it_is_done(desk: Desk) -> None:
    desk.submit("add")
    assert due_in(desk, "first/plus-card-1") == timedelta(days=1)
    assert item(desk, "second/times-card-1") is None
    desk.submit("double")
    desk.submit("negate")
    assert due_in(desk, "first/plus-card-1") == timedelta(0)
    assert due_in(desk, "first/sum_of_two") == timedelta(0)


def test_a_pass_comes_back_in_days_and_later_each_time(desk: Desk) -> None:
    desk.submit("add")
    gaps = []
    for _ in range(4):
        gap = due_in(desk, "add")
        gaps.append(gap)
        desk.clock.pass_(seconds=gap.total_seconds())
        desk.learner.start_review("add")
        desk.submit("add", "PASS", "review", minutes=1)
    assert timedelta(days=1) <= gaps[0] <= timedelta(days=5)
    assert gaps == sorted(gaps)
    assert gaps[3] > 4 * gaps[0]


@pytest.mark.parametrize(
    ("course", "grade"), [("fail", "Again"), ("solution", "Again"), ("hint", "Hard"), ("pass", "Good")]
)
def test_failed_is_again_hinted_is_hard_unaided_is_good(desk: Desk, course: str, grade: str) -> None:
    desk.submit("add")
    desk.clock.pass_(days=3)
    desk.learner.start_review("add")
    for _ in range({"hint": 1, "solution": 3}.get(course, 0)):
        desk.learner.hint("add")
    if course == "solution":
        desk.learner.solution("add")
    desk.submit("add", "not yet" if course == "fail" else "PASS", "review", minutes=1)
    assert [name for _, name in exercise_grades(desk.learner.history().log("add"))] == ["Good", grade]


def test_a_first_pass_with_help_is_hard(desk: Desk) -> None:
    desk.learner.hint("add")
    desk.submit("add")
    assert [name for _, name in exercise_grades(desk.learner.history().log("add"))] == ["Hard"]


def test_the_better_the_grade_the_later_it_comes_back() -> None:
    first, second = START, START + timedelta(days=3)
    dues = [schedule([(first, "Good"), (second, grade)], first, steps=False)[0] for grade in ("Again", "Hard", "Good")]
    assert second + timedelta(hours=12) <= dues[0] < dues[1] < dues[2]
    assert dues[0] <= second + timedelta(days=2)


def test_hints_begin_anew_for_a_resolve(desk: Desk) -> None:
    for _ in range(3):
        desk.learner.hint("add")
    desk.submit("add")
    desk.learner.start_review("add")
    assert desk.learner.hint("add").level == 1


def test_failing_first_and_passing_then_is_one_resolve(desk: Desk) -> None:
    desk.submit("add")
    desk.clock.pass_(days=3)
    desk.learner.start_review("add")
    desk.submit("add", "not yet", "review")
    desk.submit("add", "PASS", "review")
    found = item(desk, "add")
    assert found is not None
    assert found.reviews == 1
    assert due_in(desk, "add") > timedelta(days=8)


def test_a_resolve_left_and_taken_up_days_later_is_another(desk: Desk) -> None:
    desk.submit("add")
    desk.clock.pass_(days=3)
    desk.learner.start_review("add")
    desk.submit("add", "not yet", "review")
    desk.submit("add", "PASS", "review", days=2)
    found = item(desk, "add")
    assert found is not None
    assert found.reviews == 2


def test_a_resolve_starts_from_a_fresh_starter_and_keeps_old_work(desk: Desk, workspace: Workspace) -> None:
    desk.submit("add")
    laid = desk.learner.start_review("add")
    assert laid.file == workspace.root / "review" / "add.py"
    assert laid.file.read_text() == _starter(desk)
    laid.file.write_text("half done\n")
    again = desk.learner.start_review("add")
    assert again.file.read_text() == _starter(desk)
    assert desk.learner.old_work(str(again.kept)) == b"half done\n"
    assert workspace.file_for(desk.learner.roadmap.exercise("add")).read_text() == "# PASS\n"  # the work is untouched


def _starter(desk: Desk) -> str:
    from gradus.learner.layout import exercise_text

    return exercise_text(desk.learner.roadmap.exercise("add"), desk.learner.roadmap.unit("first"))


def test_only_what_was_solved_comes_back(desk: Desk) -> None:
    with pytest.raises(UsageError, match="Only what was solved"):
        desk.learner.start_review("add")


def test_a_card_is_asked_in_an_order_that_its_seed_fixes(desk: Desk) -> None:
    orders = {desk.learner.ask_card("first/plus-card-1", seed).choices for seed in range(30)}
    assert len(orders) == 6
    assert desk.learner.ask_card("first/sum_of_two", 8) == desk.learner.ask_card("first/sum_of_two", 8)
    assert desk.learner.ask_card("first/sum_of_two", 8) != desk.learner.ask_card("first/sum_of_two", 9)


def test_an_answer_is_explained_choice_by_choice(desk: Desk) -> None:
    desk.submit("add")
    question = desk.learner.ask_card("first/plus-card-1", 3)
    answer = desk.answer("first/plus-card-1", right=False, seed=3)
    assert not answer.correct
    assert question.choices[answer.right] == "right"
    assert answer.explanations[answer.right] == "Because."
    assert answer.explanations[answer.chosen] in ("No: look again.", "Not this either.")
    assert answer.next_due == desk.clock.now + timedelta(minutes=1)
    event = desk.learner.history().times[-1][1]
    assert (event.data["seed"], event.data["correct"], event.data["outcome"]) == (3, False, "plus")


def test_right_answers_push_a_card_away(desk: Desk) -> None:
    desk.submit("add")
    gaps = []
    for _ in range(5):
        gap = max(due_in(desk, "first/plus-card-1"), timedelta(0))
        desk.answer("first/plus-card-1", seconds=gap.total_seconds())
        gaps.append(gap)
    assert gaps[-1] > timedelta(days=20)


@pytest.mark.parametrize("card", ["plus-card-1", "first/none", "nowhere/plus-card-1"])
def test_an_unknown_card_is_refused(desk: Desk, card: str) -> None:
    with pytest.raises(UsageError):
        desk.learner.ask_card(card)


@pytest.mark.parametrize("choice", [-1, 3])
def test_a_choice_that_is_not_there_is_refused_and_not_recorded(desk: Desk, choice: int) -> None:
    with pytest.raises(UsageError, match="There is no choice"):
        desk.learner.answer_card("first/plus-card-1", choice, 1)
    assert desk.learner.history().times == []


def test_the_queue_is_a_pure_function_of_events_and_now(desk: Desk) -> None:
    from gradus.learner.history import History
    from gradus.learner.review import build_queue

    desk.finish_stage_one()
    desk.answer("first/plus-card-1", days=2)
    events, _ = desk.learner.store.events()
    first = build_queue(History.of(events, desk.clock.now), desk.learner.roadmap)
    second = build_queue(History.of(reversed(events), desk.clock.now), desk.learner.roadmap)
    assert first == second == desk.learner.review_queue()
