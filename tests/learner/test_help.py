"""Checking, hints, solutions, ways: what is recorded and what is shown when."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Any

import pytest

from gradus.errors import StoreError, UsageError
from gradus.learner import NotSavedError, Workspace
from gradus.learner.events import ATTEMPT
from tests.learner.conftest import Desk


def kinds(desk: Desk) -> list[tuple[str, str]]:
    return [(event.kind, event.subject) for _, event in desk.learner.history().times]


def test_a_check_records_the_attempt_with_source_and_verdict(desk: Desk) -> None:
    verdict = desk.submit("add", "not yet")
    ((_, event),) = desk.learner.history().times
    assert (event.kind, event.subject) == (ATTEMPT, "add")
    assert event.data["outcome"] == "not_yet"
    assert event.data["diagnosis"] == "wrong_sign"
    assert event.data["context"] == "work"
    assert event.source == verdict.source_sha256
    assert desk.learner.store.source(str(event.source)) == b"# not yet\n"
    stored = desk.learner.store.verdict(event.id)
    assert stored == {**verdict.to_json(), "figures": []}


def test_a_grader_error_is_never_recorded(desk: Desk) -> None:
    assert desk.submit("add", "grader_error").outcome == "grader_error"
    assert kinds(desk) == []
    assert desk.statuses()["add"] == "not started"


def test_an_untouched_starter_is_no_attempt(desk: Desk) -> None:
    desk.submit("add", "unstarted")
    assert desk.statuses()["add"] == "not started"
    assert desk.learner.progress().attempts == 0


def test_a_seed_larger_than_json_readers_hold_is_kept_exactly(desk: Desk) -> None:
    path = desk.learner.workspace.file_for(desk.learner.roadmap.exercise("add"))
    path.write_text("PASS")
    desk.learner.check("add", seed=2**63 + 1, grader=desk.grader)
    assert desk.learner.history().times[0][1].data["seed"] == str(2**63 + 1)


def test_a_verdict_that_cannot_be_saved_is_still_there_to_show(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreError("The disk is full.", "store", "Free some space.")

    monkeypatch.setattr(desk.learner.store, "append", full)
    with pytest.raises(NotSavedError, match="The disk is full") as caught:
        desk.submit("add")
    assert caught.value.verdict.outcome == "passed"
    assert caught.value.next_step == "Free some space."


def test_a_cell_is_checked_without_a_file(desk: Desk) -> None:
    verdict = desk.learner.check_source("add", "PASS in a cell", grader=desk.grader)
    assert verdict.passed
    assert desk.statuses()["add"] == "passed"


def test_hints_come_in_three_steps_and_are_recorded(desk: Desk) -> None:
    hints = [desk.learner.hint("add") for _ in range(4)]
    assert [(h.level, h.text, h.remaining) for h in hints] == [
        (1, "Nudge.", 2), (2, "Idea.", 1), (3, "Almost.", 0), (3, "Almost.", 0),
    ]  # fmt: skip
    assert kinds(desk) == [("hint", "add")] * 3


def test_the_solution_waits_for_a_pass_or_for_all_hints(desk: Desk) -> None:
    with pytest.raises(UsageError, match="after all three hints"):
        desk.learner.solution("add")
    for _ in range(3):
        desk.learner.hint("add")
    shown = desk.learner.solution("add")
    assert shown.aided
    assert shown.source.startswith("def add")
    desk.submit("double")
    assert not desk.learner.solution("double").aided


def test_help_before_the_pass_marks_it(desk: Desk) -> None:
    desk.learner.hint("add")
    desk.submit("add")
    desk.submit("double")
    desk.learner.hint("double")
    assert desk.statuses()["add"] == "passed with help"
    assert desk.statuses()["double"] == "passed"


def test_ways_wait_for_a_pass(desk: Desk) -> None:
    desk.submit("add", "not yet")
    with pytest.raises(UsageError, match="after you pass"):
        desk.learner.ways("add")
    desk.submit("add")
    ways = desk.learner.ways("add")
    assert [(way.name, way.praise) for way in ways.ways] == [
        ("reference", "The reference."), ("other", "Shorter to read."),
    ]  # fmt: skip
    assert ways.yours is None


def test_ways_are_timed_beside_ones_own_in_the_grader(desk: Desk) -> None:
    class Timed:
        def __init__(self) -> None:
            self.seen: list[bytes] = []

        @contextmanager
        def session(self, submission: Any, limits: Any) -> Any:
            self.seen.append(submission.source)
            calls = len(self.seen)

            class Student:
                def gradus_stopwatch__(self, name: str, args: list[int], kwargs: dict[str, int], repeats: int) -> float:
                    assert (name, kwargs) == ("add", {})
                    assert args in ([1], [2])
                    return 0.001 * calls

            yield Student()

    desk.submit("add")
    grader: Any = Timed()
    ways = desk.learner.ways("add", grader)
    assert ways.inputs == 2
    assert ways.yours == pytest.approx(2.0)  # two inputs, a millisecond each
    assert [way.milliseconds for way in ways.ways] == pytest.approx([4.0, 6.0])
    assert grader.seen[0].startswith(b"# PASS")


def test_a_way_that_cannot_be_timed_has_no_time(desk: Desk) -> None:
    class Broken:
        def session(self, submission: Any, limits: Any) -> Any:
            raise RuntimeError("no runner")

    desk.submit("add")
    broken: Any = Broken()
    ways = desk.learner.ways("add", broken)
    assert ways.yours is None
    assert [way.milliseconds for way in ways.ways] == [None, None]


def test_reset_keeps_the_old_work(desk: Desk, workspace: Workspace) -> None:
    path = workspace.file_for(desk.learner.roadmap.exercise("add"))
    starter = path.read_text()
    path.write_text("my long work\n")
    laid = desk.learner.reset("add")
    assert path.read_text() == starter
    assert laid.file == path
    assert desk.learner.old_work(str(laid.kept)) == b"my long work\n"
    assert desk.learner.reset("add").kept is None  # nothing to keep


def test_an_unknown_exercise_is_named_with_its_nearest(desk: Desk) -> None:
    with pytest.raises(UsageError, match="Did you mean double"):
        desk.learner.hint("duoble")


def test_every_answer_is_plain_json(desk: Desk) -> None:
    desk.finish_stage_one()
    desk.learner.plan("developer")
    answers = [
        desk.learner.next(), desk.learner.progress(), desk.learner.mastery(), desk.learner.review_queue(),
        desk.learner.plan(), desk.learner.place(2), desk.learner.hint("root"), desk.learner.solution("add"),
        desk.learner.ways("add"), desk.learner.ask_card("first/sum_of_two", 5), desk.learner.start_review("add"),
        desk.learner.answer_card("first/sum_of_two", 0, 5), desk.learner.reset("add"),
    ]  # fmt: skip
    for answer in answers:
        assert json.loads(json.dumps(answer.to_json(), allow_nan=False)) == answer.to_json()
