"""The first minutes and the settings: three questions, placement, what can be switched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradus.learner import Plan
from gradus.learner.placement import build_placement, placement_exercises
from gradus.learner.records import Record
from gradus.web.pages.common import Link, exercise_url, next_link
from gradus.web.pages.map import MapTrack
from gradus.web.pages.road import plan_page

if TYPE_CHECKING:
    from gradus.web.views import Views

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class PlacementRow(Record):
    unit: str
    unit_title: str
    title: str
    exercise: str
    url: str
    status: str


@dataclass(frozen=True)
class PlacementPage(Record):
    """A stage's entry test. ``begun`` says whether it was laid out."""

    stage: int
    title: str
    begun: bool
    tasks: tuple[PlacementRow, ...]
    first: Link


@dataclass(frozen=True)
class WelcomePage(Record):
    """Before the plan: three questions. After it: placement, or straight to the first exercise."""

    plan: Plan | None
    tracks: tuple[MapTrack, ...]
    backgrounds: tuple[tuple[str, str], ...]
    promise: str
    first: Link
    exercises: int


@dataclass(frozen=True)
class SettingsPage(Record):
    theme: str
    rhythm: bool
    notebooks: bool
    workspace: str
    version: str
    learner: str


def welcome_page(views: Views) -> WelcomePage:
    """The first page of all."""
    plan = plan_page(views)
    road = views.roadmap
    return WelcomePage(plan.plan, plan.tracks, plan.backgrounds, road.promise, next_link(views), len(road.exercises))


def placement_page(views: Views, number: int) -> PlacementPage:
    """A stage's entry test as it stands; nothing is laid out by looking at it."""
    stage = views.roadmap.stage(number)
    history = views.history()
    placement = build_placement(history, views.roadmap, stage, views.learner.workspace)
    rows = tuple(
        PlacementRow(
            task.unit, task.unit_title, task.title, task.exercise, exercise_url(task.exercise, "placement"), task.status
        )
        for task in placement.tasks
    )
    begun = str(number) in history.placements and bool(placement_exercises(stage))
    return PlacementPage(number, stage.title, begun, rows, next_link(views))


def settings_page(views: Views, theme: str) -> SettingsPage:
    """What can be switched, and where things are."""
    from gradus import __version__

    workspace = views.learner.workspace
    return SettingsPage(
        theme if theme in THEMES else "auto",
        workspace.settings.rhythm,
        workspace.settings.notebooks,
        str(workspace.root),
        __version__,
        views.learner.store.learner,
    )
