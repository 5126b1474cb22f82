"""Skipping what one knows, by solving it."""

from __future__ import annotations

import pytest

from gradus.errors import UsageError
from gradus.learner import Workspace
from tests.learner.conftest import Desk


def test_the_entry_test_is_laid_out_once(desk: Desk, workspace: Workspace) -> None:
    placement = desk.learner.place(1)
    assert [(task.unit, task.exercise, task.status) for task in placement.tasks] == [
        ("first", "double", "not started"), ("second", "square", "not started"),
    ]  # fmt: skip
    file = placement.tasks[0].file
    assert file == workspace.root / "placement" / "double.py"
    assert "def double" in file.read_text()
    file.write_text("mine\n")
    desk.learner.place(1)
    assert file.read_text() == "mine\n"
    assert len(desk.learner.history().times) == 1


def test_solving_it_unaided_skips_the_unit_and_leaves_it_open(desk: Desk) -> None:
    desk.learner.place(1)
    desk.submit("double", "not yet", "placement")
    assert desk.learner.place(1).tasks[0].status == "tried"
    desk.submit("double", "PASS", "placement")
    assert desk.learner.place(1).tasks[0].status == "passed"
    statuses = desk.statuses()
    assert statuses["first"] == "skipped by placement"
    assert (statuses["double"], statuses["add"]) == ("passed", "not started")
    assert desk.learner.next().unit == "second"
    desk.submit("add")
    desk.submit("negate")
    assert desk.statuses()["first"] == "done"


def test_an_entry_test_that_is_too_hard_is_left_for_the_lesson(desk: Desk) -> None:
    desk.learner.place(1)
    desk.submit("double", "not yet", "placement")
    found = desk.learner.next()
    assert (found.kind, found.unit) == ("lesson", "first")


@pytest.mark.parametrize("when", ["before", "during"])
def test_with_a_hint_it_does_not_skip(desk: Desk, when: str) -> None:
    if when == "before":
        desk.learner.hint("double")
    desk.learner.place(1)
    if when == "during":
        desk.learner.hint("double")
    desk.submit("double", "PASS", "placement")
    assert desk.learner.place(1).tasks[0].status == "passed with help"
    assert desk.statuses()["first"] == "under way"  # a hint was taken, an exercise passed


def test_solving_the_exercise_in_its_unit_is_not_placement(desk: Desk) -> None:
    desk.submit("double")
    assert desk.statuses()["first"] == "under way"


def test_proving_the_milestone_early_skips_the_rest_of_the_stage(desk: Desk) -> None:
    desk.submit("add")
    desk.learner.record_milestone(1, proved=True, evidence={"file": "1.json"})
    statuses = desk.statuses()
    assert (statuses["first"], statuses["second"]) == ("skipped by placement", "skipped by placement")
    assert desk.learner.progress().stages[0].status == "done"
    assert desk.learner.next().unit == "third"


def test_a_failed_milestone_skips_nothing(desk: Desk) -> None:
    desk.learner.record_milestone(1, proved=False)
    assert desk.statuses()["first"] == "not started"
    assert desk.learner.progress().stages[0].milestone_proved is None


def test_a_stage_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no stage 9"):
        desk.learner.place(9)
