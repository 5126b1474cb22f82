"""The one obvious next step, and where the learner stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gradus.learner import Store, Workspace
from gradus.learner.history import mend_times
from tests.learner.conftest import START, Desk


def step(desk: Desk) -> tuple[str, str | None]:
    found = desk.learner.next()
    return found.kind, found.exercise or found.unit or found.stage


def test_the_road_from_its_first_lesson_to_its_end(desk: Desk) -> None:
    assert step(desk) == ("lesson", "add")
    first = desk.learner.next()
    assert first.file is not None
    assert first.file.name == "lesson.md"
    desk.learner.open_lesson("first")
    assert step(desk) == ("exercise", "add")
    desk.submit("add", "not yet")
    assert desk.learner.next().why == "Its last check did not pass."
    for done, following in (("add", "double"), ("double", "negate")):
        desk.submit(done)
        assert step(desk) == ("exercise", following)
    desk.submit("negate")
    assert step(desk)[0] == "review"  # the unit's cards come when its exercises are done
    for _ in range(12):
        desk.answer("first/plus-card-1")
    assert step(desk) == ("lesson", "square")
    desk.submit("square")
    assert step(desk) == ("exercise", "cube")
    desk.submit("cube")
    milestone = desk.learner.next()
    assert (milestone.kind, milestone.stage, milestone.command) == ("milestone", "1", "gradus milestone 1")
    desk.learner.record_milestone(1, proved=False)
    assert desk.learner.next().kind == "milestone"
    desk.learner.record_milestone(1, proved=True)
    assert step(desk) == ("lesson", "root")
    desk.submit("root")
    # Stage 2 has a unit that is still to be written: it is not done, and its milestone does not come up.
    assert step(desk) == ("coming", "fourth")
    assert "Your next review is on" in desk.learner.next().why
    assert desk.statuses()["fourth"] == "coming"
    assert desk.learner.progress().stages[1].status == "under way"


def test_what_failed_last_comes_before_reviews_and_the_road(desk: Desk) -> None:
    for name in ("add", "double", "negate"):
        desk.submit(name)
    desk.submit("cube", "not yet", days=3)
    assert step(desk) == ("exercise", "cube")
    desk.submit("cube")
    assert step(desk)[0] == "review"


def test_breaking_what_was_passed_is_not_a_step_back(desk: Desk) -> None:
    desk.submit("add")
    desk.submit("add", "not yet")
    assert desk.statuses()["add"] == "passed"
    assert step(desk) == ("exercise", "double")


def test_reviews_do_not_wall_off_the_road_after_a_rest(desk: Desk) -> None:
    desk.submit("add")
    desk.clock.pass_(days=40)
    assert step(desk)[0] == "review"
    for _ in range(12):
        desk.answer("first/plus-card-1")
    assert step(desk) == ("exercise", "double")
    desk.clock.pass_(days=1)
    assert step(desk)[0] == "review"


def test_a_failed_resolve_is_taken_up_again_where_it_lies(desk: Desk) -> None:
    desk.submit("add")
    desk.clock.pass_(days=5)
    laid = desk.learner.start_review("add")
    desk.submit("add", "not yet", "review")
    found = desk.learner.next()
    assert (found.exercise, found.file) == ("add", laid.file)
    assert found.command == "gradus check add --file review/add.py"
    desk.submit("add", "PASS", "review")
    assert desk.learner.next().exercise != "add"


def test_statuses_and_counts(desk: Desk) -> None:
    desk.submit("add", "broken")
    desk.submit("add", "over_limit")
    desk.submit("add", "not yet")
    desk.learner.hint("add")
    desk.submit("double")
    statuses = desk.statuses()
    assert statuses["add"] == "tried"
    assert statuses["double"] == "passed"
    assert statuses["negate"] == "not started"
    assert (statuses["first"], statuses["second"]) == ("under way", "not started")
    progress = desk.learner.progress()
    assert (progress.attempts, progress.hints, progress.passed, progress.total) == (4, 1, 1, 6)
    unit = progress.stages[0].units[0]
    assert unit.exercises[0].last_outcome == "not_yet"
    assert unit.exercises[1].passed_at == desk.clock.now


def test_minutes_come_from_gaps_with_idle_time_capped(desk: Desk) -> None:
    desk.learner.open_lesson("first")  # begins a sitting: 2 minutes
    desk.submit("add", "not yet", minutes=10)  # 10
    desk.submit("add", "not yet", minutes=45)  # idle: 20
    desk.submit("add", days=2)  # a new sitting: 2
    progress = desk.learner.progress()
    unit = progress.stages[0].units[0]
    assert unit.exercises[0].minutes == 32.0
    assert unit.minutes == 34.0
    assert progress.minutes == 34.0


def test_a_lesson_read_for_so_long_counts_that_long(desk: Desk) -> None:
    desk.learner.open_lesson("first", seconds=600)
    desk.clock.pass_(minutes=3)
    desk.learner.open_lesson("first", seconds=1e9)
    assert desk.learner.progress().stages[0].units[0].minutes == 10 + 60


def test_the_rhythm_counts_days_and_loses_nothing_by_resting(desk: Desk) -> None:
    desk.submit("add", "not yet")  # Monday
    desk.submit("add", "not yet", days=1)  # Tuesday
    desk.submit("add", days=1)  # Wednesday
    rhythm = desk.learner.progress().rhythm
    assert rhythm is not None
    assert (rhythm.days_this_week, rhythm.days_total) == (3, 3)
    assert rhythm.week == (True, True, True, False, False, False, False)
    desk.clock.pass_(days=30)
    later = desk.learner.progress().rhythm
    assert later is not None
    assert (later.days_this_week, later.days_total) == (0, 3)


def test_the_rhythm_can_be_switched_off(desk: Desk, workspace: Workspace) -> None:
    config = workspace.root / "gradus.toml"
    config.write_text(config.read_text().replace("rhythm = true", "rhythm = false"))
    desk.learner.workspace = Workspace.find(workspace.root)
    desk.submit("add")
    assert desk.learner.progress().rhythm is None


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3650), timedelta(days=-20_000)])
def test_a_clock_that_jumps_leaves_order_and_progress_sane(desk: Desk, jump: timedelta) -> None:
    desk.submit("add", "not yet")
    desk.clock.now += jump
    desk.submit("add", "not yet")
    desk.clock.now -= jump
    desk.submit("add")
    history = desk.learner.history()
    assert [event.data["outcome"] for _, event in history.times] == ["not_yet", "not_yet", "passed"]
    times = [when for when, _ in history.times]
    assert times == sorted(times)
    assert START <= times[0] <= times[-1] <= desk.clock.now
    assert desk.statuses()["add"] == "passed"
    assert desk.learner.progress().minutes < 60
    assert desk.learner.review_queue().later[0].due < desk.clock.now + timedelta(days=60)


def test_times_are_mended_by_changing_as_few_as_possible() -> None:
    assert mend_times([1, 2, 3], 9) == [1, 2, 3]
    assert mend_times([1, 99, 2, 3], 9) == [1, 1, 2, 3]
    assert mend_times([5, 1, 6], 9) == [5, 5, 6]
    assert mend_times([5, 6, 1, 7], 9) == [5, 6, 6, 7]
    assert mend_times([8, 1, 2, 3], 9) == [1, 1, 2, 3]
    assert mend_times([50, 60], 9) == [9, 9]
    assert mend_times([], 9) == []


def test_two_doors_on_one_record_see_each_other(desk: Desk, workspace: Workspace) -> None:
    from gradus.learner import Learner

    with Learner.open(workspace, desk.learner.roadmap, clock=desk.clock) as other:
        assert other.next().kind == "lesson"
        desk.submit("add")
        assert other.next().exercise == "double"
        assert other.history().log("add").passed


def test_a_record_that_another_process_restored_is_seen_by_an_open_learner(desk: Desk, workspace: Workspace) -> None:
    desk.submit("add")
    desk.learner.store.back_up()
    assert desk.learner.progress().passed == 1
    desk.learner.store.close()  # folds the log into the file; the next question opens it again
    workspace.store_path.write_bytes(b"junk" * 5000)
    with Store(workspace.store_path) as other:
        assert "restored from the backup" in other.notices[0]
    assert desk.learner.progress().passed == 1
    desk.submit("double")
    assert desk.learner.progress().passed == 2
