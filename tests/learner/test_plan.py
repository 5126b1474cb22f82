"""The dated plan, its forecast, and the calendar file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from gradus.errors import UsageError
from gradus.learner import Learner, Plan, Workspace
from gradus.learner.history import History
from gradus.learner.plan import build_plan, plan_settings
from gradus.roadmap import Roadmap, load_roadmap
from tests.learner.conftest import START, Desk

DAY = date(2026, 3, 2)


def whole(background: str, track: str, hours: float = 10.0) -> Plan:
    """The plan over the real road."""
    road = load_roadmap()
    settings = plan_settings(background, hours, track, DAY, road)
    return build_plan(settings, road, History.of([], START))


@pytest.mark.parametrize("track", ["ml-engineer", "ai-engineer"])
@pytest.mark.parametrize(("background", "low", "high"), [("developer", 6, 9), ("beginner", 12, 18)])
def test_the_road_takes_as_long_as_the_roadmap_says(background: str, track: str, low: int, high: int) -> None:
    plan = whole(background, track)
    assert low <= plan.months <= high
    assert plan.months_range[0] >= low - 0.5
    assert plan.months_range[1] <= high + 0.5
    assert low <= (plan.finish - DAY).days / 30.4375 <= high
    if track == "ml-engineer":
        assert low <= plan.months_range[0] < plan.months_range[1] <= high


def test_a_developer_gets_each_stage_within_the_roadmaps_weeks() -> None:
    plan = whole("developer", "ml-engineer")
    for stage, known in zip(plan.stages, load_roadmap().stages, strict=True):
        if known.weeks:
            assert stage.weeks_range == known.weeks
            assert known.weeks[0] <= stage.weeks <= known.weeks[1]


def test_the_other_backgrounds_lie_between() -> None:
    months = [whole(background, "ml-engineer").months for background in ("developer", "analyst", "student", "beginner")]
    assert months == sorted(months)
    assert len(set(months)) == 4


def test_an_ai_engineer_has_a_shorter_classical_part_and_a_longer_one_on_language_models() -> None:
    ml, ai = whole("developer", "ml-engineer"), whole("developer", "ai-engineer")
    assert ai.stages[1].weeks < ml.stages[1].weeks
    assert ai.stages[3].weeks > ml.stages[3].weeks


def test_twice_the_hours_is_half_the_time() -> None:
    slow, fast = whole("developer", "ml-engineer", 10), whole("developer", "ml-engineer", 20)
    assert fast.months == pytest.approx(slow.months / 2, abs=0.1)
    assert "20 hours a week" in fast.notes[0]


def test_units_and_milestones_follow_each_other_without_gaps(desk: Desk) -> None:
    plan = desk.learner.plan("developer", start=DAY)
    assert plan.units[0].starts == plan.stages[0].starts == DAY
    for before, after in zip(plan.units, plan.units[1:], strict=False):
        assert before.starts < before.ends <= after.starts
    for stage in plan.stages:
        mine = [unit for unit in plan.units if unit.stage == str(stage.number)]
        assert stage.starts == mine[0].starts
        assert mine[-1].ends < stage.ends  # the milestone has time of its own
    assert plan.stages[-1].ends == plan.finish
    first, second = plan.units[:2]
    assert first.weeks == pytest.approx(2 * second.weeks, abs=0.1)  # 120 minutes against 60


def test_settings_are_remembered_and_changed_one_at_a_time(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no plan yet"):
        desk.learner.plan()
    first = desk.learner.plan("student", 6)
    assert first.settings.start == DAY
    assert desk.learner.plan(hours_per_week=12).settings.background == "student"
    assert desk.learner.plan().settings.hours_per_week == 12
    desk.learner.plan(hours_per_week=12)
    assert len(desk.learner.history().times) == 2  # what changes nothing is not recorded


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"background": "wizard"}, "not a background"),
        ({"hours_per_week": 0}, "between 0.5 and 80"),
        ({"hours_per_week": float("nan")}, "between 0.5 and 80"),
        ({"hours_per_week": float("inf")}, "between 0.5 and 80"),
        ({"track": "poet"}, "not a track"),
        ({"start": date(1066, 10, 14)}, "between the years"),
    ],
)
def test_settings_that_mean_nothing_are_refused(desk: Desk, change: dict[str, object], reason: str) -> None:
    desk.learner.plan("developer")
    with pytest.raises(UsageError, match=reason):
        desk.learner.plan(**change)  # type: ignore[arg-type]
    assert len(desk.learner.history().times) == 1


def test_there_is_no_forecast_before_anything_is_finished(desk: Desk) -> None:
    assert desk.learner.plan("developer").forecast is None


def finish_first(desk: Desk, days: float) -> None:
    desk.submit("add", days=days / 3)
    desk.submit("double", days=days / 3)
    desk.submit("negate", days=days / 3)


@pytest.mark.parametrize(("share", "direction"), [(0.3, -1), (3.0, 1)])
def test_the_forecast_follows_the_real_pace(desk: Desk, share: float, direction: int) -> None:
    plan = desk.learner.plan("developer")
    given = (plan.units[0].ends - plan.units[0].starts).days
    finish_first(desk, given * share)
    forecast = desk.learner.plan().forecast
    assert forecast is not None
    assert forecast.units == 1
    assert forecast.earliest < forecast.likely < forecast.latest
    assert (forecast.pace > 1) == (direction > 0)
    assert (forecast.likely > plan.finish) == (direction > 0)
    assert desk.learner.plan().forecast == forecast  # the same record gives the same forecast


def test_the_range_narrows_with_more_units(desk: Desk) -> None:
    plan = desk.learner.plan("developer")
    lengths = [(unit.ends - unit.starts).days for unit in plan.units]
    finish_first(desk, lengths[0])
    one = desk.learner.plan().forecast
    desk.submit("square", days=lengths[1] / 2)
    desk.submit("cube", days=lengths[1] / 2)
    desk.learner.record_milestone(1, proved=True)
    desk.submit("root", days=lengths[2])
    three = desk.learner.plan().forecast
    assert one is not None
    assert three is not None
    assert three.units == 3
    assert _spread(three.earliest, three.latest, desk) < _spread(one.earliest, one.latest, desk, days=sum(lengths[1:]))


def _spread(earliest: date, latest: date, desk: Desk, days: int = 0) -> float:
    today = desk.clock.now.date() - timedelta(days=days)
    return (latest - earliest) / (latest - today)


def test_a_unit_long_overdue_slows_the_forecast(desk: Desk) -> None:
    plan = desk.learner.plan("developer")
    finish_first(desk, (plan.units[0].ends - plan.units[0].starts).days)
    soon = desk.learner.plan().forecast
    desk.clock.pass_(days=120)
    late = desk.learner.plan().forecast
    assert soon is not None
    assert late is not None
    assert late.pace > soon.pace
    assert late.likely > soon.likely + timedelta(days=120)


def test_skipped_units_say_nothing_about_pace_but_are_over(desk: Desk) -> None:
    desk.learner.plan("developer")
    desk.learner.place(1)
    desk.submit("double", "PASS", "placement")
    plan = desk.learner.plan()
    assert plan.forecast is None
    assert plan.units[0].done_on == DAY
    assert plan.units[0].status == "skipped by placement"


def test_the_calendar_has_each_unit_and_milestone_under_a_lasting_name(desk: Desk, workspace: Workspace) -> None:
    desk.learner.plan("developer")
    first = Calendar.from_ical(desk.learner.calendar()).walk("VEVENT")
    names = [str(entry["summary"]) for entry in first]
    assert names == [
        "1.1 First",
        "1.2 Second",
        "2.1 Third",
        "2.2 Fourth",
        "Milestone 1: Stage 1",
        "Milestone 2: Stage 2",
    ]
    for entry in first:
        assert entry.decoded("dtstart") < entry.decoded("dtend")
    desk.learner.plan(hours_per_week=5)
    second = Calendar.from_ical(desk.learner.calendar()).walk("VEVENT")
    assert [entry["uid"] for entry in first] == [entry["uid"] for entry in second]
    assert len({str(entry["uid"]) for entry in first}) == 6
    assert first[1].decoded("dtstart") != second[1].decoded("dtstart")


def test_what_is_done_leaves_the_calendar(desk: Desk) -> None:
    desk.learner.plan("developer")
    finish_first(desk, 3)
    names = [str(e["summary"]) for e in Calendar.from_ical(desk.learner.calendar()).walk("VEVENT")]
    assert "1.1 First" not in names


def test_a_plan_written_by_another_version_is_passed_over(desk: Desk, road: Roadmap, workspace: Workspace) -> None:
    desk.learner.plan("developer")
    desk.learner.store.append("plan", "", {"pace": "brisk"}, at=desk.clock.now)
    with Learner.open(workspace, road, clock=desk.clock) as other:
        assert other.plan().settings.background == "developer"
