"""Matplotlib answers, compared as what was drawn: bars, lines, points, words; never pixels, colors or artists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradus.checks.compare_arrays import compare_arrays
from gradus.checks.compare_base import TOP, Difference, Place, Rules
from gradus.checks.show import count, kind_of, number, show

PARTS = ("bars", "lines", "points", "labels")
#: Everything that `same_drawing` can compare.
ALL_PARTS = (*PARTS, "title", "scales", "legend", "limits", "images", "steps", "areas", "segments", "texts", "ticks")


def compare_drawings(
    expected: Any, actual: Any, parts: Sequence[str] = PARTS, rtol: float = 1e-6, place: Place = TOP
) -> Difference | None:
    """Compare two drawings in the given parts; what is not named may be anything."""
    if type(actual).__name__ != "Drawing":
        kind = "returned_none" if actual is None and not place.steps else "wrong_type"
        verb = "Your function returns" if actual is None else f"{place.subject} is"
        wanted = "the axes drawn on" if expected.of == "axes" else "the figure"
        return Difference(f"{verb} {kind_of(actual)}; {wanted} is expected.", kind, "", expected.of, show(actual))
    if expected.of != actual.of:
        return Difference(
            f"{place.subject} is a Matplotlib {actual.of}; the {expected.of} is expected.", "wrong_type",
            "`plt.subplots()` gives both: `figure, axes = plt.subplots()`.", expected.of, actual.of,
        )  # fmt: skip
    if len(expected.axes) != len(actual.axes):
        return _drawn(
            f"Your figure has {count(len(actual.axes), 'pair')} of axes; {len(expected.axes)} expected.",
            expected, actual,
        )  # fmt: skip
    for number_, (wanted_axes, given_axes) in enumerate(zip(expected.axes, actual.axes, strict=True)):
        subject = "Your plot" if len(expected.axes) == 1 else f"Panel {number_ + 1} of your plot"
        for part in parts:
            difference = COMPARE[part](wanted_axes, given_axes, subject, rtol, parts)
            if difference is not None:
                return difference
    return None


def _drawn(headline: str, expected: Any, actual: Any, detail: str = "") -> Difference:
    return Difference(headline, "wrong_drawing", detail, _text(expected), _text(actual))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else value.summary() if hasattr(value, "summary") else show(value, 4)


def _bars(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    """Compare rectangles by their edges and heights; one without height is not seen, and does not count."""
    by_label = "legend" in parts
    wanted, given = _rectangles(expected, by_label), _rectangles(actual, by_label)
    if wanted and not given:
        steps = ' Draw filled bars (`histtype="bar"`), not an outline.' if actual.steps or actual.areas else ""
        return _drawn(f"{subject} has no bars.{steps}", _bar_text(wanted), "no bars")
    if len(wanted) != len(given):
        edges = "The bins are not the expected ones." if wanted else ""
        return _drawn(
            f"{subject} has {count(len(given), 'bar')} with a height; {len(wanted)} {_be(len(wanted))} expected.",
            _bar_text(wanted), _bar_text(given), edges,
        )  # fmt: skip
    for (label, left, width, bottom, height), (own, x, w, b, h) in zip(wanted, given, strict=True):
        scale = max(abs(left), abs(width), 1e-9)
        if abs(left - x) > 1e-6 * scale + rtol * scale or abs(width - w) > 1e-6 * scale + rtol * scale:
            return _drawn(
                f"{subject} has a bar from {number(x, 4)} to {number(x + w, 4)}; one from {number(left, 4)} to "
                f"{number(left + width, 4)} is expected.",
                _bar_text(wanted), _bar_text(given),
            )  # fmt: skip
        tolerance = rtol * max(abs(height), abs(h)) + 1e-9
        if abs(height - h) > tolerance or abs(bottom - b) > tolerance:
            return _drawn(
                f"{subject} has a bar of height {number(h, 4)} at {number(left, 4)} to {number(left + width, 4)}; "
                f"{number(height, 4)} is expected.",
                _bar_text(wanted), _bar_text(given), _heights(wanted, given),
            )  # fmt: skip
        if label != own:
            return _drawn(
                f"{subject} labels bars {show(own)}; {show(label)} is expected for them.", show(label), show(own)
            )
    return None


def _heights(wanted: Sequence[Any], given: Sequence[Any]) -> str:
    total, own = sum(bar[4] for bar in wanted), sum(bar[4] for bar in given)
    area = sum(bar[4] * bar[2] for bar in given)
    if abs(area - 1) < 1e-6 and abs(total - 1) > 1e-3:
        return "Your bars have a total area of 1: they show densities."
    if abs(own - 1) < 1e-6 and abs(total - 1) > 1e-3:
        return "Your bars add up to 1: they show shares, not counts."
    if abs(own - total) > 1e-6 * max(1.0, abs(total)):
        return f"Your bars add up to {number(own, 4)}; {number(total, 4)} is expected."
    return ""


def _rectangles(axes: Any, by_label: bool) -> list[tuple[str, float, float, float, float]]:
    bars = []
    for bar in axes.bars:
        left, width = (bar.x, bar.width) if bar.width >= 0 else (bar.x + bar.width, -bar.width)
        bottom, height = (bar.y, bar.height) if bar.height >= 0 else (bar.y + bar.height, bar.height)
        if bar.height != 0 and width != 0:
            bars.append((bar.label if by_label else "", left, width, bottom, height))
    return sorted(bars, key=lambda bar: (bar[0], round(bar[1], 9), round(bar[3], 9)))


def _bar_text(bars: Sequence[Any]) -> str:
    if not bars:
        return "no bars"
    edges = [bar[1] for bar in bars] + [bars[-1][1] + bars[-1][2]]
    return f"heights {show([float(bar[4]) for bar in bars], 4)}, edges {show([float(edge) for edge in edges], 4)}"


def _be(amount: int) -> str:
    return "is" if amount == 1 else "are"


def _lines(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    wanted = [line for line in expected.lines if not _is_scatter(line) and len(line.x)]
    given = [line for line in actual.lines if not _is_scatter(line) and len(line.x)]
    return _curves("line", wanted, given, subject, rtol, ordered=True)


def _points(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    """Compare scatters; a line drawn with markers only is one."""
    wanted = [*expected.points, *(line for line in expected.lines if _is_scatter(line))]
    given = [*actual.points, *(line for line in actual.lines if _is_scatter(line))]
    return _curves("scatter", wanted, given, subject, rtol, ordered=False)


def _is_scatter(line: Any) -> bool:
    return line.style in ("None", "", " ") and line.marker not in ("None", "", " ")


def _curves(
    noun: str, wanted: Sequence[Any], given: Sequence[Any], subject: str, rtol: float, ordered: bool
) -> Difference | None:
    """Match curves in any order; the first expected one without a partner is reported beside what is left."""
    left = list(given)
    missing = None
    for curve in wanted:
        partner = next((other for other in left if _same_curve(curve, other, rtol, ordered) is None), None)
        if partner is not None:
            left.remove(partner)
        elif missing is None:
            missing = curve
    if missing is None and not left:
        return None
    if len(wanted) != len(given):
        return _drawn(
            f"{subject} has {count(len(given), noun)}; {len(wanted)} {_be(len(wanted))} expected.",
            count(len(wanted), noun), count(len(given), noun),
        )  # fmt: skip
    assert missing is not None
    near = next((other for other in left if other.label == missing.label), left[0])
    problem = _same_curve(missing, near, rtol, ordered)
    name = f"the {noun} {show(missing.label)}" if missing.label else f"a {noun}"
    detail = problem.headline if problem is not None else ""
    return _drawn(
        f"{subject} draws {name} through other points than expected.", _curve_text(missing), _curve_text(near), detail
    )


def _same_curve(expected: Any, actual: Any, rtol: float, ordered: bool) -> Difference | None:
    rules = Rules(rtol=rtol)
    points = [np.column_stack([curve.x, curve.y]) for curve in (expected, actual)]
    if not ordered:
        points = [array[np.lexsort((array[:, 1], array[:, 0]))] for array in points]
    return compare_arrays(points[0], points[1], rules, Place(("points",)))


def _curve_text(curve: Any) -> str:
    return f"x {show(curve.x, 4)}, y {show(curve.y, 4)}"


def _words(field: str, noun: str) -> Callable[..., Difference | None]:
    def compare(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
        wanted, given = getattr(expected, field).strip(), getattr(actual, field).strip()
        if wanted == given:
            return None
        if not given:
            return _drawn(f"{subject} has no {noun}; {show(wanted)} is expected.", show(wanted), "none")
        return _drawn(f"{subject}'s {noun} is {show(given)}; {show(wanted)} is expected.", show(wanted), show(given))

    return compare


def _labels(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    return _words("x_label", "x label")(expected, actual, subject, rtol, parts) or _words("y_label", "y label")(
        expected, actual, subject, rtol, parts
    )


def _scales(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    for field, noun in (("x_scale", "x axis"), ("y_scale", "y axis")):
        wanted, given = getattr(expected, field), getattr(actual, field)
        if wanted != given:
            return _drawn(f"{subject}'s {noun} is {given}; {wanted} is expected.", wanted, given)
    return None


def _legend(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    wanted, given = expected.legend, actual.legend
    if wanted == given:
        return None
    if given is None:
        return _drawn(f"{subject} has no legend.", show(list(wanted)), "none")
    if wanted is None:
        return _drawn(f"{subject} has a legend, which is not expected.", "none", show(list(given)))
    return _drawn(
        f"{subject}'s legend reads {show(list(given))}; {show(list(wanted))} is expected.", show(list(wanted)),
        show(list(given)),
    )  # fmt: skip


def _limits(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    for field, noun in (("x_limits", "x axis"), ("y_limits", "y axis")):
        wanted, given = np.array(getattr(expected, field)), np.array(getattr(actual, field))
        if not np.allclose(wanted, given, rtol=1e-3, atol=1e-3 * (np.ptp(wanted) or 1)):
            return _drawn(
                f"{subject}'s {noun} runs from {number(given[0], 4)} to {number(given[1], 4)}; "
                f"{number(wanted[0], 4)} to {number(wanted[1], 4)} is expected.",
                show(wanted, 4), show(given, 4),
            )  # fmt: skip
    return None


def _arrays(field: str, noun: str, *values: str) -> Callable[..., Difference | None]:
    """Return a comparison of artists, in the order drawn, by some of their arrays."""

    def compare(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
        wanted, given = getattr(expected, field), getattr(actual, field)
        if len(wanted) != len(given):
            return _drawn(
                f"{subject} has {count(len(given), noun)}; {len(wanted)} {_be(len(wanted))} expected.",
                count(len(wanted), noun), count(len(given), noun),
            )  # fmt: skip
        for one, other in zip(wanted, given, strict=True):
            for value in values:
                problem = compare_arrays(
                    np.asarray(getattr(one, value)), np.asarray(getattr(other, value)), Rules(rtol=rtol),
                    Place((f" {noun}",)),
                )  # fmt: skip
                if problem is not None:
                    return Difference(
                        f"{subject} has an {noun} with other values than expected."
                        if noun[0] in "aeiou"
                        else f"{subject} has a {noun} with other values than expected.",
                        "wrong_drawing", problem.headline, problem.expected_text, problem.actual_text, problem.where,
                    )  # fmt: skip
        return None

    return compare


def _texts(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    wanted, given = sorted(t.text for t in expected.texts), sorted(t.text for t in actual.texts)
    if wanted == given:
        return None
    return _drawn(f"{subject} is annotated {show(given)}; {show(wanted)} is expected.", show(wanted), show(given))


def _ticks(expected: Any, actual: Any, subject: str, rtol: float, parts: Sequence[str]) -> Difference | None:
    for field, noun in (("x_ticks", "x axis"), ("y_ticks", "y axis")):
        wanted, given = list(getattr(expected, field)), list(getattr(actual, field))
        if wanted != given:
            return _drawn(
                f"{subject}'s {noun} is marked {show(given)}; {show(wanted)} is expected.", show(wanted), show(given)
            )
    return None


COMPARE: dict[str, Callable[..., Difference | None]] = {
    "bars": _bars,
    "lines": _lines,
    "points": _points,
    "labels": _labels,
    "title": _words("title", "title"),
    "scales": _scales,
    "legend": _legend,
    "limits": _limits,
    "images": _arrays("images", "image", "values", "extent"),
    "steps": _arrays("steps", "outline", "values", "edges"),
    "areas": _arrays("areas", "area", "outline"),
    "segments": _arrays("segments", "set of segments", "ends"),
    "texts": _texts,
    "ticks": _ticks,
}
