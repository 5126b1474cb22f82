"""Every explorable of the curriculum: at its defaults, at the ends of its controls, in both themes and both widths."""

from __future__ import annotations

import itertools
import math
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gradus.author.figures import label_problems
from gradus.grader import Grader
from gradus.roadmap.explorables import PLACE, Choice, Control, Explorable, Slider, table_of
from gradus.web.explore import FILE, Studio, explorables_of
from gradus.web.looks import Look

CURRICULUM = Path(__file__).parents[2] / "curriculum"
FILES = sorted(CURRICULUM.glob(f"*/*/{FILE}"))
EXPLORABLES = [
    pytest.param(path.parent, explorable, id=f"{path.parent.name}-{explorable.name}")
    for path in FILES
    for explorable in explorables_of(path.parent, path.stat().st_mtime_ns).values()
]
NARROW_DARK = Look("dark", wide=False, dpi=90)


def ends(control: Control) -> list[Any]:
    if isinstance(control, Slider):
        return [control.read(control.low), control.read(control.high)]
    return list(control.options) if isinstance(control, Choice) else [False, True]


def positions(explorable: Explorable) -> list[dict[str, Any]]:
    """Where one control is at an end, and where all are."""
    alone = [{name: end} for name, control, _ in explorable.controls for end in ends(control)]
    names = [name for name, *_ in explorable.controls]
    reach = [(ends(control)[0], ends(control)[-1]) for _, control, _ in explorable.controls]
    corners = [dict(zip(names, corner, strict=True)) for corner in itertools.product(*reach)]
    return [{}, *alone, *corners]


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Grader() as grader:
        studio = Studio(lambda: grader)
        yield studio
        studio.close()


@pytest.fixture(scope="module")
def load() -> Iterator[Callable[[Path], Mapping[str, Any]]]:
    """An explorables.py as a namespace of this process, under the light look."""
    import matplotlib

    loaded: dict[Path, dict[str, Any]] = {}

    def one(folder: Path) -> Mapping[str, Any]:
        if folder not in loaded:
            loaded[folder] = {"__name__": f"explorables_of_{folder.name}"}
            exec(compile((folder / FILE).read_bytes(), str(folder / FILE), "exec"), loaded[folder])
        return loaded[folder]

    style = Look().style()
    colors = matplotlib.cycler(color=style.pop("colors"))
    with matplotlib.rc_context({**style, "axes.prop_cycle": colors}):
        yield one


def test_the_ones_that_the_roadmap_promises_are_there() -> None:
    names = {name for path in FILES for name in explorables_of(path.parent, path.stat().st_mtime_ns)}
    assert names >= {
        "gradient_descent", "line_fit", "distribution_lab", "decision_boundary", "bias_variance", "threshold",
        "leakage_lab", "boosting", "k_means", "projection",
    }  # fmt: skip


@pytest.mark.parametrize(("folder", "explorable"), EXPLORABLES)
def test_it_asks_before_it_shows_and_says_what_is_seen(folder: Path, explorable: Explorable) -> None:
    assert explorable.prediction is not None
    assert len(explorable.prediction.choices) >= 3
    assert not any(choice.startswith("*") for choice in explorable.prediction.choices)
    assert len(explorable.alt) > 40
    lesson = folder / "lesson.md"
    if lesson.is_file():
        assert explorable.name in PLACE.findall(lesson.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("folder", "explorable"), EXPLORABLES)
def test_every_position_has_a_figure_a_table_and_a_sentence(
    folder: Path, explorable: Explorable, load: Callable[[Path], Mapping[str, Any]]
) -> None:
    function = load(folder)[explorable.name]
    captions = set()
    for position in positions(explorable):
        explored = function(**explorable.read(position))
        captions.add(explored.caption)
        assert label_problems(explored.figure) == [], position
        assert not re.search(r"\b(nan|inf|None)\b|e[+-]\d\d", explored.caption), explored.caption
        columns, rows = table_of(explored.table)
        assert columns, position
        assert rows, position
        assert len(rows) < 500, "the page shows no more"
        numbers = [cell for row in rows for cell in row if isinstance(cell, float)]
        assert all(map(math.isfinite, numbers)), position
    assert len(captions) > 2, "the sentence follows the controls"


@pytest.mark.parametrize(("folder", "explorable"), EXPLORABLES)
def test_the_sandbox_draws_it(folder: Path, explorable: Explorable, studio: Studio) -> None:
    lows = {name: ends(control)[0] for name, control, _ in explorable.controls}
    highs = {name: ends(control)[-1] for name, control, _ in explorable.controls}
    first = studio.draw(folder, explorable.name, {})
    assert size(first.picture)[0] == pytest.approx(8.4 * Look().dpi, abs=2)
    for position, look in ((lows, NARROW_DARK), (highs, NARROW_DARK), (highs, Look())):
        drawn = studio.draw(folder, explorable.name, position, look)
        assert drawn.picture != first.picture
        assert drawn.caption
        if look is NARROW_DARK:
            assert size(drawn.picture)[0] == pytest.approx(4.4 * look.dpi, abs=2)
    again = studio.draw(folder, explorable.name, {})
    assert (again.picture, again.rows) == (first.picture, first.rows), "what was drawn between leaves no trace"


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height
