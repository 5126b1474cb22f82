"""What a learner drew, as data: the judge compares bars, lines and labels, never pixels.

Read off Matplotlib's public artists when axes or a figure cross the wire. Coordinates are floats in the axes' own
units: dates are days, the bars of a categorical axis stand at 0, 1, 2… with their names among ``x_ticks``.
"""

from __future__ import annotations

import dataclasses
import sys
import types
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

from gradus.grader.wire.codec import DECODERS, ENCODERS, FALLBACKS, Encoder, Reader, WireError, Writer

Floats = np.ndarray[Any, np.dtype[np.float64]]
_MANY = 20_000  # artists of one kind in one pair of axes
_TICKS = 100


@dataclass(frozen=True, eq=False)
class Line:
    """A line or a series of markers. ``x`` and ``y``: shape ``(n,)``; ``style`` is ``"None"`` when only markers are
    drawn.
    """

    x: Floats
    y: Floats
    label: str
    style: str
    marker: str
    color: str


@dataclass(frozen=True, eq=False)
class Bar:
    """A rectangle: a bar, or a bin of a histogram. ``x``, ``y`` is its lower left corner when sides are positive."""

    x: float
    y: float
    width: float
    height: float
    label: str
    color: str


@dataclass(frozen=True, eq=False)
class Points:
    """A scatter. ``x``, ``y``: shape ``(n,)``; ``values``: the numbers behind the colors, shape ``(n,)`` or empty."""

    x: Floats
    y: Floats
    sizes: Floats
    values: Floats
    label: str
    color: str


@dataclass(frozen=True, eq=False)
class Steps:
    """Stairs, or a histogram drawn as an outline. ``edges`` has one more item than ``values``."""

    values: Floats
    edges: Floats
    label: str


@dataclass(frozen=True, eq=False)
class Area:
    """A filled shape. ``outline``: shape ``(n, 2)``."""

    outline: Floats
    label: str


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight pieces: error bars, ``hlines``, ``vlines``. ``ends``: shape ``(n, 4)`` as ``x0, y0, x1, y1``."""

    ends: Floats
    label: str


@dataclass(frozen=True, eq=False)
class Image:
    """An image, a heat map or a mesh. ``values``: shape ``(rows, columns)`` or ``(rows, columns, channels)``."""

    values: Floats
    extent: tuple[float, ...]
    color_map: str


@dataclass(frozen=True, eq=False)
class Text:
    """Words placed in the axes."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, eq=False)
class AxesDrawing:
    """One pair of axes. ``legend`` is None when there is none, else its entries. ``kind``: ``rectilinear``,
    ``polar``, ``3d``, …
    """

    title: str
    x_label: str
    y_label: str
    x_limits: tuple[float, ...]
    y_limits: tuple[float, ...]
    x_scale: str
    y_scale: str
    x_ticks: tuple[str, ...]
    y_ticks: tuple[str, ...]
    kind: str
    legend: tuple[str, ...] | None
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    points: tuple[Points, ...]
    steps: tuple[Steps, ...]
    areas: tuple[Area, ...]
    segments: tuple[Segments, ...]
    images: tuple[Image, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure (``of="figure"``, its axes in the order they were added) or one pair of axes of it (``of="axes"``)."""

    of: str
    title: str
    axes: tuple[AxesDrawing, ...]

    def summary(self) -> str:
        """In a few words what is drawn: ``2 lines, 3 bars, title “Ages”``."""
        parts = []
        for kind in ("lines", "bars", "points", "steps", "areas", "segments", "images"):
            count = sum(len(getattr(axes, kind)) for axes in self.axes)
            if count:
                parts.append(f"{count} {_NAMES[kind][count > 1]}")
        title = self.title or next((axes.title for axes in self.axes if axes.title), "")
        return ", ".join([*(parts or ["nothing"]), *([f"title “{title}”"] if title else [])])


_NAMES = {
    "lines": ("line", "lines"),
    "bars": ("bar", "bars"),
    "points": ("scatter", "scatters"),
    "steps": ("outline", "outlines"),
    "areas": ("area", "areas"),
    "segments": ("set of segments", "sets of segments"),
    "images": ("image", "images"),
}
_CLASSES = (Drawing, AxesDrawing, Line, Bar, Points, Steps, Area, Segments, Image, Text)


def _floats(values: Any) -> Floats:
    return np.array(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan), dtype=float)


def _label(artist: Any) -> str:
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label[:500]


def _group_label(group: Any) -> str:
    """The label of a container of bars. `Axes.hist` leaves it on the first bar, `Axes.bar` on the container."""
    return _label(group) or next((_label(bar) for bar in group if hasattr(bar, "get_label") and _label(bar)), "")


def _color(value: Any) -> str:
    from matplotlib.colors import to_hex

    try:
        rows = np.atleast_2d(np.asarray(value, dtype=float)) if not isinstance(value, str) else None
        if rows is not None and len(rows) == 0:
            return ""
        return str(to_hex(value if rows is None else rows[0]))
    except (ValueError, TypeError):
        return ""


def draw_axes(axes: Any) -> AxesDrawing:
    """Everything that one pair of Matplotlib axes shows."""
    from matplotlib import collections, lines, patches, text
    from matplotlib.image import AxesImage
    from matplotlib.spines import Spine

    found: dict[str, list[Any]] = {
        name: [] for name in ("lines", "bars", "points", "steps", "areas", "segments", "images", "texts")
    }
    labels = {id(bar): _group_label(group) for group in axes.containers for bar in group if hasattr(bar, "get_label")}
    for artist in axes.get_children()[: 8 * _MANY]:
        if not artist.get_visible() or artist is axes.patch or isinstance(artist, Spine):
            continue
        if isinstance(artist, lines.Line2D):
            x, y = artist.get_data(orig=False)
            found["lines"].append(
                Line(
                    _floats(x).ravel(),
                    _floats(y).ravel(),
                    _label(artist) or labels.get(id(artist), ""),
                    str(artist.get_linestyle()),
                    str(artist.get_marker()),
                    _color(artist.get_color()),
                )
            )
        elif isinstance(artist, patches.StepPatch):
            data: Any = artist.get_data()
            found["steps"].append(Steps(_floats(data.values), _floats(data.edges), _label(artist)))
        elif isinstance(artist, patches.Rectangle):
            found["bars"].append(
                Bar(
                    float(artist.get_x()),
                    float(artist.get_y()),
                    float(artist.get_width()),
                    float(artist.get_height()),
                    _label(artist) or labels.get(id(artist), ""),
                    _color(artist.get_facecolor()),
                )
            )
        elif isinstance(artist, patches.Patch):
            outline = artist.get_path().to_polygons(artist.get_patch_transform(), closed_only=False)
            found["areas"].extend(Area(_floats(piece), _label(artist)) for piece in outline[:_TICKS])
        elif isinstance(artist, collections.PathCollection):
            offsets, values = _floats(artist.get_offsets()).reshape(-1, 2), artist.get_array()
            found["points"].append(
                Points(
                    offsets[:, 0].copy(),
                    offsets[:, 1].copy(),
                    _floats(artist.get_sizes()),
                    _floats([] if values is None else values).ravel(),
                    _label(artist),
                    _color(artist.get_facecolor()),
                )
            )
        elif isinstance(artist, collections.LineCollection):
            ends = [[*piece[0], *piece[-1]] for piece in artist.get_segments()[:_MANY] if len(piece)]
            found["segments"].append(Segments(_floats(ends).reshape(-1, 4), _label(artist)))
        elif isinstance(artist, collections.QuadMesh):
            values = artist.get_array()
            grid = np.asarray(artist.get_coordinates())
            shape = tuple(side - 1 for side in grid.shape[:2])
            mesh = _floats([] if values is None else values)
            corners = grid.reshape(-1, 2)
            extent = (*corners.min(axis=0), *corners.max(axis=0))
            found["images"].append(
                Image(
                    mesh.reshape(shape) if mesh.size == shape[0] * shape[1] else mesh,
                    tuple(float(extent[place]) for place in (0, 2, 1, 3)),
                    str(artist.get_cmap().name),
                )
            )
        elif isinstance(artist, collections.PolyCollection):
            found["areas"].extend(Area(_floats(path.vertices), _label(artist)) for path in artist.get_paths()[:_TICKS])
        elif isinstance(artist, AxesImage):
            found["images"].append(
                Image(_floats(artist.get_array()), tuple(map(float, artist.get_extent())), str(artist.get_cmap().name))
            )
        elif isinstance(artist, text.Text) and artist.get_text() and artist in axes.texts:
            place = artist.get_position()
            found["texts"].append(Text(_number(place[0]), _number(place[1]), artist.get_text()[:1000]))
    legend = axes.get_legend()
    return AxesDrawing(
        title=next((axes.get_title(loc) for loc in ("center", "left", "right") if axes.get_title(loc)), "")[:1000],
        x_label=axes.get_xlabel()[:1000],
        y_label=axes.get_ylabel()[:1000],
        x_limits=tuple(map(float, axes.get_xlim())),
        y_limits=tuple(map(float, axes.get_ylim())),
        x_scale=str(axes.get_xscale()),
        y_scale=str(axes.get_yscale()),
        x_ticks=_tick_texts(axes.xaxis),
        y_ticks=_tick_texts(axes.yaxis),
        kind=str(axes.name),
        legend=None if legend is None else tuple(entry.get_text()[:500] for entry in legend.get_texts()),
        **{name: tuple(items[:_MANY]) for name, items in found.items()},
    )


def _tick_texts(axis: Any) -> tuple[str, ...]:
    """The texts at an axis' ticks, without making the tick objects: those take longer than the rest of the plot."""
    texts = axis.get_major_formatter().format_ticks(axis.get_majorticklocs()[:_TICKS])
    return tuple(str(text)[:200] for text in texts)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _write_drawing(writer: Writer, value: Any) -> None:
    """A figure or axes of Matplotlib's."""
    from matplotlib.axes import Axes

    if isinstance(value, Axes):
        drawing = Drawing("axes", "", (draw_axes(value),))
    else:
        drawing = Drawing("figure", str(value.get_suptitle())[:1000], tuple(map(draw_axes, value.axes[:64])))
    _write(writer, drawing)


def _write(writer: Writer, value: Any) -> None:
    writer.enter()
    writer.raw(b"G" + bytes([_CLASSES.index(type(value))]))
    for field in dataclasses.fields(value):
        writer.write(getattr(value, field.name))
    writer.leave()


def _read(reader: Reader) -> Any:
    number = reader.raw(1)[0]
    if number >= len(_CLASSES):
        raise WireError("an unknown part of a drawing")
    kind = _CLASSES[number]
    hints = get_type_hints(kind)
    reader.enter()
    values = {field.name: reader.read() for field in dataclasses.fields(kind)}
    reader.leave()
    if not all(_fits(value, hints[name]) for name, value in values.items()):
        raise WireError("a part of a drawing is of the wrong type")
    return kind(**values)


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value read is of a field's type."""
    if isinstance(hint, types.UnionType):
        return any(_fits(value, choice) for choice in get_args(hint))
    origin = get_origin(hint)
    if origin is tuple:
        return type(value) is tuple and all(_fits(item, get_args(hint)[0]) for item in value)
    if origin is np.ndarray:
        return type(value) is np.ndarray and value.dtype == np.float64
    return type(value) is hint


def _axes_or_figure(value: Any) -> Encoder | None:
    if "matplotlib.figure" not in sys.modules:
        return None
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    return _write_drawing if isinstance(value, Axes | Figure) else None


def register() -> None:
    """Make the rules known to the codec."""
    for kind in _CLASSES:
        ENCODERS[kind] = _write
    DECODERS[ord("G")] = _read
    FALLBACKS.append(_axes_or_figure)
