"""The plan as a calendar file."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event as Entry

    from gradus.learner.records import Plan

_NAMESPACE = uuid.UUID("6f0f2a5e-5d0e-4c3a-9a57-6d1f2f0d3b11")


def to_ics(plan: Plan, learner: str, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545): an all-day span for each unit, a day for each milestone.

    UIDs depend on the learner and the unit alone, so importing a later export moves the entries, and doubles none.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Gradus//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Gradus: the road")
    for unit in plan.units:
        if unit.done_on is None:
            title = f"{unit.number} {unit.title}"
            about = f"About {unit.hours:g} hours. `gradus next` says where to begin."
            calendar.add_component(_entry(f"unit:{unit.id}", learner, title, unit.starts, unit.ends, about, now))
    for stage in plan.stages:
        if stage.proved_on is None:
            title = f"Milestone {stage.number}: {stage.title}"
            after = stage.ends + timedelta(days=1)
            calendar.add_component(
                _entry(f"milestone:{stage.id}", learner, title, stage.ends, after, stage.milestone, now)
            )
    body: bytes = calendar.to_ical()
    return body


def _entry(name: str, learner: str, title: str, starts: date, ends: date, about: str, now: datetime) -> Entry:
    from icalendar import Event

    entry = Event()
    entry.add("uid", f"{uuid.uuid5(_NAMESPACE, f'{learner}/{name}')}@gradus")
    entry.add("dtstamp", now)
    entry.add("summary", title)
    entry.add("dtstart", starts)
    entry.add("dtend", max(ends, starts + timedelta(days=1)))  # the end is exclusive
    entry.add("description", about)
    entry.add("transp", "TRANSPARENT")
    return entry
