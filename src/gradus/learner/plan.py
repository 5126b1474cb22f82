"""The dated plan. Pure: settings, roadmap, history and now in; dates out.

How long. The roadmap gives each stage a range of weeks; at ordinary hours (`ORDINARY_HOURS` a week) a developer takes
the middle of it. Other backgrounds take longer by `PACE`, other hours change the weeks in proportion, and a track
weighs the stages. The ongoing portfolio stage counts `PORTFOLIO_WEEKS`. With these a developer needs 6–9 months and a
beginner 12–18, as the roadmap says. Within a stage, a unit's share is its share of the stage's minutes.

Forecast. For each unit finished by doing it: the days it really took (from the unit finished before it, or the start
of the plan) over the days it was given. The unit under way counts too once it is past its time. The remaining days
are multiplied by the mean of a bootstrap sample of these ratios, to which a prior of ratios around 1 (`PRIOR`) is
added, so that few finished units give a wide range. Shown are the 10th, 50th and 90th percentiles.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING

from gradus.errors import UsageError
from gradus.learner.history import History
from gradus.learner.progress import local_day, unit_done, unit_skipped, unit_status
from gradus.learner.records import Forecast, Plan, PlannedStage, PlannedUnit, PlanSettings

if TYPE_CHECKING:
    from gradus.roadmap import Roadmap, Stage, Track, Unit

ORDINARY_HOURS = 10.0
PACE = {"developer": 1.0, "analyst": 1.15, "student": 1.35, "beginner": 2.0}
PORTFOLIO_WEEKS = (3.0, 5.0)
DAYS_A_MONTH = 30.4375
PRIOR = (0.6, 0.8, 1.0, 1.25, 1.7)  # before anything is known: half as fast again to twice as slow is ordinary
SAMPLES = 2000


@dataclass(frozen=True)
class _Span:
    """A unit (or a stage's milestone week, when ``unit`` is None) with its length in days."""

    stage: Stage
    unit: Unit | None
    days: float


def plan_settings(background: str, hours_per_week: float, track: str, start: date, roadmap: Roadmap) -> PlanSettings:
    """Checked settings. Raises UsageError in words."""
    if background not in PACE:
        raise UsageError(f"“{background}” is not a background.", next_step=f"Choose one of {', '.join(PACE)}.")
    if not 0.5 <= hours_per_week <= 80:  # also refuses nan
        raise UsageError("Hours a week must be between 0.5 and 80.")
    tracks = [known.id for known in roadmap.tracks]
    if track not in tracks:
        raise UsageError(f"“{track}” is not a track.", next_step=f"Choose one of {', '.join(tracks)}.")
    if not 2000 <= start.year <= 2100:
        raise UsageError("The start must lie between the years 2000 and 2100.")
    return PlanSettings(background, float(hours_per_week), track, start)


def build_plan(settings: PlanSettings, roadmap: Roadmap, history: History, zone: tzinfo | None = None) -> Plan:
    """Weeks for each unit, a date for each milestone, and what the real pace makes of them."""
    track = next((track for track in roadmap.tracks if track.id == settings.track), roadmap.tracks[0])
    spans = list(_spans(settings, roadmap, track))
    units: list[PlannedUnit] = []
    stages: list[PlannedStage] = []
    day = 0.0
    for stage in roadmap.stages:
        first, begun = day, settings.start + timedelta(days=round(day))
        for span in (span for span in spans if span.stage is stage):
            if span.unit is not None:
                units.append(_planned(span.unit, settings, history, day, span.days, zone))
            day += span.days
        proved = history.milestones.get(str(stage.number))
        low, high = (weeks * _factor(settings, track, stage) for weeks in _weeks(stage))
        stages.append(
            PlannedStage(
                stage.id,
                stage.number,
                stage.title,
                begun,
                settings.start + timedelta(days=round(day)),
                round((day - first) / 7, 1),
                (round(low, 1), round(high, 1)),
                stage.milestone.statement,
                local_day(proved, zone) if proved else None,
            )
        )
    ranges = [stage.weeks_range for stage in stages]
    months = (sum(low for low, _ in ranges) * 7 / DAYS_A_MONTH, sum(high for _, high in ranges) * 7 / DAYS_A_MONTH)
    return Plan(
        settings,
        tuple(stages),
        tuple(units),
        settings.start + timedelta(days=round(day)),
        round(day / DAYS_A_MONTH, 1),
        (round(months[0], 1), round(months[1], 1)),
        forecast(settings, spans, history, zone),
        _notes(settings, months),
    )


def _weeks(stage: Stage) -> tuple[float, float]:
    return (float(stage.weeks[0]), float(stage.weeks[1])) if stage.weeks else PORTFOLIO_WEEKS


def _factor(settings: PlanSettings, track: Track, stage: Stage) -> float:
    weight = track.weight.get(str(stage.number), 1.0)
    return PACE[settings.background] * weight * ORDINARY_HOURS / settings.hours_per_week


def _spans(settings: PlanSettings, roadmap: Roadmap, track: Track) -> Iterator[_Span]:
    for stage in roadmap.stages:
        low, high = _weeks(stage)
        days = (low + high) / 2 * 7 * _factor(settings, track, stage)
        minutes = sum(unit.minutes for unit in stage.units)
        # The milestone is work of its own: it gets as much as one unit of the stage on average.
        milestone = days / (len(stage.units) + 1)
        for unit in stage.units:
            share = unit.minutes / minutes if minutes else 1 / len(stage.units)
            yield _Span(stage, unit, (days - milestone) * share)
        yield _Span(stage, None, milestone)


def _planned(
    unit: Unit, settings: PlanSettings, history: History, day: float, days: float, zone: tzinfo | None
) -> PlannedUnit:
    done = unit_done(history, unit) or unit_skipped(history, unit)
    return PlannedUnit(
        unit.id,
        unit.number,
        unit.title,
        str(unit.stage),
        settings.start + timedelta(days=round(day)),
        settings.start + timedelta(days=round(day + days)),
        round(days / 7, 1),
        round(days / 7 * settings.hours_per_week, 1),
        unit_status(history, unit),
        local_day(done, zone) if done else None,
    )


def _notes(settings: PlanSettings, months: tuple[float, float]) -> tuple[str, ...]:
    if settings.hours_per_week == ORDINARY_HOURS:
        return ()
    return (
        f"The roadmap's weeks are read as {ORDINARY_HOURS:g} hours each; at {settings.hours_per_week:g} hours a week "
        f"the road takes {months[0]:.0f} to {months[1]:.0f} months.",
    )


def forecast(
    settings: PlanSettings, spans: list[_Span], history: History, zone: tzinfo | None = None
) -> Forecast | None:
    """When the road ends at the real pace; None before anything was finished. The method is in the module's text."""
    ratios, finished = _ratios(settings, spans, history, zone)
    if not finished:
        return None
    left = sum(span.days for span in spans if not _over(span, history))
    today = max(local_day(history.now, zone), settings.start)
    pool = [*ratios, *PRIOR]
    draw = random.Random(len(pool) * 1_000_003 + round(sum(pool) * 1e6))  # the same pace gives the same forecast
    weights = [1.0] * len(ratios) + [2 / len(PRIOR)] * len(PRIOR)  # the prior is worth two units
    size = max(2, len(ratios))
    means = sorted(sum(draw.choices(pool, weights, k=size)) / size for _ in range(SAMPLES))
    early, middle, late = (means[int(q * (SAMPLES - 1))] for q in (0.1, 0.5, 0.9))
    dates = [today + timedelta(days=min(round(left * ratio), 36_500)) for ratio in (early, middle, late)]
    return Forecast(dates[0], dates[1], dates[2], round(middle, 2), finished)


def _over(span: _Span, history: History) -> bool:
    if span.unit is None:
        return str(span.stage.number) in history.milestones
    return bool(unit_done(history, span.unit) or unit_skipped(history, span.unit))


def _ratios(
    settings: PlanSettings, spans: list[_Span], history: History, zone: tzinfo | None
) -> tuple[list[float], int]:
    """Days taken over days given, for each finished unit and for one that is overdue; and how many were finished."""
    done = []
    for span in spans:
        if span.unit is not None and (when := unit_done(history, span.unit)):
            done.append((local_day(when, zone), span))
    done.sort(key=lambda pair: pair[0])
    last, ratios = settings.start, []
    # Several units may end on one day: the days since the last ending are theirs together.
    waiting = 0.0
    for position, (day, span) in enumerate(done):
        waiting += span.days
        if position + 1 < len(done) and done[position + 1][0] == day:
            continue
        ratios.append(min(max((day - last).days, 0.5) / waiting, 20.0) if day > settings.start else 0.05)
        last, waiting = max(day, settings.start), 0.0
    following = next((span for span in spans if span.unit is not None and not _over(span, history)), None)
    if following is not None and done:
        elapsed = (local_day(history.now, zone) - last).days
        if elapsed > following.days:
            ratios.append(min(elapsed / following.days, 20.0))
    return ratios, len(done)
