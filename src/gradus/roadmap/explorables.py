"""The vocabulary of explorables: one annotated function is a figure with controls.

    from gradus.roadmap.explorables import Choice, Explored, Slider, Toggle

    def gradient_descent(
        rate: Slider(0.01, 1.2, 0.01, "learning rate") = 0.1,
        surface: Choice(("bowl", "valley"), "surface") = "bowl",
        momentum: Toggle("momentum") = False,
    ) -> Explored:
        '''What the picture shows, in one sentence: it is the picture's text alternative.

        Predict: Before you move the slider: what happens at a rate of 1.1?
        - It takes fewer steps
        - * It jumps further away at every step
        '''
        ...
        return Explored(figure=fig, table={"step": steps, "loss": losses}, caption="After 20 steps the loss is 0.03.")

``explorables.py`` lies beside ``lesson.md``; a line ``{{explore gradient_descent}}`` in the lesson places it. The
functions run in the sandbox, so this module stands alone: the standard library and nothing else.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slider:
    """A number from ``low`` to ``high`` in steps. Whole when low, high and step are."""

    low: float
    high: float
    step: float
    label: str

    def __post_init__(self) -> None:
        if not self.low < self.high or not 0 < self.step <= self.high - self.low:
            raise ValueError(f"the slider “{self.label}” has no room: {self.low} to {self.high} by {self.step}")

    @property
    def whole(self) -> bool:
        return all(isinstance(value, int) for value in (self.low, self.high, self.step))

    def read(self, value: Any) -> float | int:
        """A value as it was sent, put on the nearest step within the range. Raises ValueError for what is no number."""
        try:
            sent = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            sent = float("nan")
        if sent != sent:
            raise ValueError(f"“{self.label}” must be a number")
        steps = round((min(max(sent, self.low), self.high) - self.low) / self.step)
        near = min(self.low + steps * self.step, self.high)
        return round(near) if self.whole else float(f"{near:.10g}")


@dataclass(frozen=True)
class Choice:
    """One of several texts."""

    options: tuple[str, ...]
    label: str

    def read(self, value: Any) -> str:
        """Raises ValueError for what is not an option."""
        if value not in self.options:
            raise ValueError(f"“{self.label}” must be one of {', '.join(self.options)}")
        return str(value)


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    label: str

    def read(self, value: Any) -> bool:
        """Raises ValueError for what is neither."""
        if value in (True, "true", "on", "1"):
            return True
        if value in (False, "false", "off", "0", ""):
            return False
        raise ValueError(f"“{self.label}” must be on or off")


Control = Slider | Choice | Toggle


@dataclass(frozen=True)
class Explored:
    """What one position of the controls shows: a Matplotlib figure, the same as a table, and a sentence.

    ``table``: a DataFrame, or a mapping of column names to columns of one length.
    """

    figure: Any
    table: Any
    caption: str


@dataclass(frozen=True)
class Prediction:
    """What the learner is asked before the picture is drawn; ``right`` is the place of the right choice."""

    question: str
    choices: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class Explorable:
    """A function with its controls: ``(name, control, default)`` in the order of the parameters."""

    name: str
    title: str
    alt: str
    controls: tuple[tuple[str, Control, Any], ...]
    prediction: Prediction | None

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of all controls: those sent, defaults for the others. Raises ValueError for senseless ones."""
        known = {name for name, _, _ in self.controls}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"there is no control “{unknown[0]}”")
        return {name: control.read(values.get(name, default)) for name, control, default in self.controls}


_PREDICT = re.compile(r"^Predict:\s*(?P<question>.+?)\n(?P<choices>(?:- .+(?:\n|$))+)", re.MULTILINE | re.DOTALL)


def describe(function: Callable[..., Any]) -> Explorable:
    """Read a function's controls off its signature. Raises ValueError with the reason when something is missing."""
    name = function.__name__
    controls = []
    for parameter in inspect.signature(function, eval_str=True).parameters.values():
        control = parameter.annotation
        if not isinstance(control, Control):
            raise ValueError(f"{name}: the parameter “{parameter.name}” needs a Slider, a Choice or a Toggle")
        if parameter.default is inspect.Parameter.empty:
            raise ValueError(f"{name}: the parameter “{parameter.name}” needs a default")
        controls.append((parameter.name, control, control.read(parameter.default)))
    doc = inspect.cleandoc(function.__doc__ or "")
    alt = " ".join(doc.partition("\n\n")[0].split())
    if not alt:
        raise ValueError(f"{name}: the docstring must say what the picture shows")
    return Explorable(name, title_of(name), alt, tuple(controls), _prediction(doc))


def _prediction(doc: str) -> Prediction | None:
    match = _PREDICT.search(doc)
    if match is None:
        return None
    choices = [line[2:].strip() for line in match["choices"].strip().split("\n")]
    right = next((i for i, choice in enumerate(choices) if choice.startswith("* ")), -1)
    if right < 0:
        raise ValueError("a prediction needs one choice that is marked as right: “- * …”")
    return Prediction(
        " ".join(match["question"].split()), tuple(choice.removeprefix("* ") for choice in choices), right
    )


_KEPT: dict[tuple[Any, ...], tuple[Any, list[Any]]] = {}
_MOST_KEPT = 6


def panels(
    *heads: str, height: float = 3.4, shares: Sequence[float] = (), rows: Sequence[int] = ()
) -> tuple[Any, list[Any]]:
    """A figure with a plot under each title, side by side; below each other where the page is narrow.

    ``height`` is one row's, in inches; ``shares`` are the widths of the plots of a single row relative to each
    other; ``rows`` says how many plots stand in each row, all in one unless it is given. Margins are fixed: they
    hold tick labels and the names of the axes. A figure that was given out before comes back swept of what was drawn,
    since to make axes and ticks takes longer than to draw them: set limits, labels and ticks on every call.
    """
    from matplotlib import rcParams

    look = (*rcParams["figure.figsize"], rcParams["figure.dpi"], rcParams["figure.facecolor"])
    key = (*look, heads, height, tuple(shares), tuple(rows))
    if key in _KEPT:
        for plot in _KEPT[key][1]:
            _sweep(plot)
    else:
        while len(_KEPT) >= _MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = _laid_out(heads, rcParams["figure.figsize"][0], height, shares, rows or [len(heads)])
    return _KEPT[key]


def _laid_out(
    heads: Sequence[str], width: float, height: float, shares: Sequence[float], rows: Sequence[int]
) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    beside = width > 6
    rows = rows if beside else [1] * len(heads)
    tall = (height if beside else 0.82 * height) * len(rows)
    figure = Figure(figsize=(width, tall))
    grid = figure.add_gridspec(
        len(rows),
        1,
        left=0.66 / width,
        right=1 - 0.14 / width,
        bottom=0.52 / tall,
        top=1 - 0.34 / tall,
        hspace=0.45 if beside else 0.58,
    )
    plots = []
    for number, count in enumerate(rows):
        row = grid[number].subgridspec(1, count, wspace=0.34, width_ratios=shares if shares and beside else None)
        plots += [figure.add_subplot(row[place]) for place in range(count)]
    for plot, head in zip(plots, heads, strict=True):
        place = plot.get_position()
        # Places that are given need not be sought on every drawing, which takes a third of it.
        plot.set_title(head, y=1.0)
        plot.xaxis.set_label_coords(0.5, -0.31 / (place.height * tall))
        plot.yaxis.set_label_coords(-0.43 / (place.width * width), 0.5)
        for axis in (plot.xaxis, plot.yaxis):
            axis.set_major_locator(MaxNLocator(4))
    return figure, plots


def _sweep(plot: Any) -> None:
    """Take everything off that was drawn; axes, ticks and titles stay."""
    for artist in [*plot.lines, *plot.collections, *plot.patches, *plot.texts, *plot.images]:
        artist.remove()
    plot.legend_ = None
    plot.set_prop_cycle(None)
    plot.relim()
    plot.autoscale(True)


PLACE = re.compile(r"^\{\{\s*explore\s+([A-Za-z_]\w*)\s*\}\}[ \t]*$", re.MULTILINE)


def in_words(lesson: str) -> str:
    """A lesson for where nothing moves: each explorable's line as a sentence that says where it does."""
    return PLACE.sub(
        lambda match: f"*{title_of(match[1])}: move it yourself in the browser, with `gradus start`.*", lesson
    )


def title_of(name: str) -> str:
    """A function's name as a title: ``Gradient descent``."""
    return name.replace("_", " ").capitalize()


def table_of(table: Any) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows of a table as plain data, whatever it is made of."""
    if hasattr(table, "columns") and hasattr(table, "itertuples"):
        columns: Sequence[Any] = [str(name) for name in table.columns]
        rows = [[_plain(value) for value in row] for row in table.itertuples(index=False)]
    else:
        columns = [str(name) for name in table]
        rows = [[_plain(value) for value in row] for row in zip(*table.values(), strict=True)]
    return list(columns), rows[:500]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return str(value)
