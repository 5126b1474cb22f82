"""The unit page: the lesson with cells that run, the exercises, the cards, the companions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.learner.records import Record
from gradus.web import markup
from gradus.web.pages.map import MapExercise

if TYPE_CHECKING:
    from gradus.roadmap import Unit
    from gradus.web.views import Views

_FIGURE = re.compile(r"figures/([A-Za-z0-9_-]+\.(?:png|svg))")


@dataclass(frozen=True)
class CellSource(Record):
    """A cell of a lesson: its code, what it prints, and the figure it draws, as the lesson has them."""

    number: int
    code: str
    output: str | None
    figure: str | None


@dataclass(frozen=True)
class Lesson(Record):
    """A lesson, made ready once: ``html`` with cells and explorables, its sections, the cells' sources."""

    html: str
    sections: tuple[tuple[str, str], ...]
    cells: tuple[CellSource, ...]
    maths: bool


@dataclass(frozen=True)
class UnitResource(Record):
    title: str
    url: str
    why: str


@dataclass(frozen=True)
class UnitOutcome(Record):
    """A can-do statement of the unit, and whether it is shown."""

    can: str
    mastered: bool
    missing: str


@dataclass(frozen=True)
class UnitPage(Record):
    id: str
    number: str
    title: str
    summary: str
    status: str
    minutes: int
    stage: int
    stage_title: str
    passed: int
    total: int
    cards: int
    lesson: Lesson | None
    outcomes: tuple[UnitOutcome, ...]
    exercises: tuple[MapExercise, ...]
    resources: tuple[UnitResource, ...]
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    first_visit: bool = field(default=False)


def unit_page(views: Views, name: str) -> UnitPage:
    """The page of one unit. Raises UsageError for an unknown one."""
    from gradus.roadmap import card_ids

    unit = views.roadmap.unit(name)
    stage = views.roadmap.stage(unit.stage)
    standing = next(row for s in views.progress().stages for row in s.units if row.id == unit.id)
    shown = {row.id: row for row in views.mastery().outcomes if row.unit == unit.id}
    units = views.roadmap.units
    at = units.index(unit)
    return UnitPage(
        unit.id,
        unit.number,
        unit.title,
        unit.summary,
        standing.status,
        unit.minutes,
        stage.number,
        stage.title,
        standing.passed,
        standing.total,
        0 if unit.coming else len(card_ids(unit)),
        lesson_of(unit),
        tuple(UnitOutcome(o.can, shown[o.id].mastered, shown[o.id].missing) for o in unit.outcomes if o.id in shown),
        tuple(MapExercise(e.id, e.title, e.status, e.difficulty) for e in standing.exercises),
        tuple(UnitResource(r.title, r.url, r.why) for r in unit.resources),
        _near(units[at - 1]) if at else None,
        _near(units[at + 1]) if at + 1 < len(units) else None,
        unit.id not in views.history().lessons,
    )


def _near(unit: Unit) -> Mapping[str, str]:
    return {"url": f"/unit/{unit.id}", "number": unit.number, "title": unit.title}


def lesson_of(unit: Unit) -> Lesson | None:
    """The unit's lesson, made ready; made again when its file is another one.

    A unit that is still to come has what can be explored already; None where there is nothing.
    """
    if not unit.coming:
        return _lesson(unit.id, unit.folder, unit.lesson_path.stat().st_mtime_ns)
    explorables = unit.folder / "explorables.py"
    return _preview(unit.id, unit.folder, explorables.stat().st_mtime_ns) if explorables.is_file() else None


def figure_path(unit: Unit, name: str) -> Path | None:
    """A figure of the unit's lesson by its name; None when there is none."""
    return _figures(unit.folder).get(name)


@lru_cache(maxsize=128)
def _figures(folder: Path) -> dict[str, Path]:
    pictures = folder / "figures"
    return {path.name: path for path in pictures.glob("*.*")} if pictures.is_dir() else {}


@lru_cache(maxsize=16)
def _preview(unit: str, folder: Path, stamp: int) -> Lesson:
    """What stands in for a lesson that is still to be written: the unit's explorables."""
    from gradus.web.explore import explorable_form, explorables_of

    def explore(name: str) -> str:
        return explorable_form(unit, folder, name)

    lines = [f"{{{{explore {name}}}}}" for name in explorables_of(folder, stamp)]
    text = "\n\n".join(("The lesson of this unit is being written. This much can be tried already.", *lines))
    options: dict[str, Any] = {"image": lambda source: None, "fence": lambda *_: None, "explore": explore}
    made, sections = markup.document(text, options)
    return Lesson(made, sections, (), 'class="math' in made)


@lru_cache(maxsize=128)
def _lesson(unit: str, folder: Path, stamp: int) -> Lesson:
    from gradus.web.render import fragment

    cells: list[CellSource] = []

    def image(source: str) -> str | None:
        match = _FIGURE.fullmatch(source)
        return f"/unit/{unit}/figures/{match[1]}" if match and match[1] in _figures(folder) else None

    def fence(info: str, code: str, output: str | None) -> str | None:
        words = info.split()
        if not words or words[0] != "python":
            return None
        figure = next((word.removeprefix("figure=") for word in words if word.startswith("figure=")), None)
        cell = CellSource(len(cells) + 1, code, output, figure)
        cells.append(cell)
        return fragment("_cell.html", cell=cell)

    def explore(name: str) -> str:
        from gradus.web.explore import explorable_form

        return explorable_form(unit, folder, name)

    options: dict[str, Any] = {"image": image, "fence": fence, "explore": explore}
    made, sections = markup.document((folder / "lesson.md").read_text(encoding="utf-8"), options)
    return Lesson(made, sections, tuple(cells), 'class="math' in made)
