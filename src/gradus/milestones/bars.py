"""What a learner's histogram must show: every value, over the whole range, named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.grader.wire import Drawing

if TYPE_CHECKING:
    import pandas as pd

Edges = np.ndarray[Any, np.dtype[np.float64]]

#: Values on an edge may fall to either side once edges went through floats; more than this share is a wrong count.
MISPLACED_SHARE = 0.02


def examine_bars(drawn: Any, column: pd.Series[Any], name: str) -> tuple[str | None, dict[str, Any]]:
    """Examine what ``plot`` returned for one column: a problem in words (None when there is none), and what was read.

    Bars must be counts: their heights add up to the values that are there, their edges cover the range, each bar
    holds about what lies between its edges, and the x axis is labeled with the column's name.
    """
    if not isinstance(drawn, Drawing):
        kind = "None" if drawn is None else f"a {type(drawn).__name__}"
        return f"`plot` should return the Matplotlib Axes it drew on; yours returns {kind}.", {}
    values = column.dropna().to_numpy(dtype=float)
    axes = next((axes for axes in drawn.axes if axes.bars or axes.steps), None)
    if axes is None:
        return f"No bars were drawn for “{name}”: {drawn.summary() or 'the axes are empty'}.", {}
    heights, left, right = _bins(axes)
    measured = {
        "bars": len(heights),
        "values": len(values),
        "heights": float(heights.sum()),
        "label": axes.x_label,
    }
    return _problem(heights, left, right, values, name, axes.x_label), measured


def _bins(axes: Any) -> tuple[Edges, Edges, Edges]:
    """Heights, left and right edges, from left to right."""
    if axes.bars:
        boxes = np.array([(bar.height, bar.x, bar.x + bar.width) for bar in axes.bars], dtype=float)
        heights, left, right = boxes[np.argsort(boxes[:, 1])].T
        return heights, left, right
    step = axes.steps[0]
    return step.values, step.edges[:-1], step.edges[1:]


def _problem(heights: Edges, left: Edges, right: Edges, values: Edges, name: str, label: str) -> str | None:
    area = float((heights * (right - left)).sum())
    if abs(heights.sum() - len(values)) > 1e-6 * max(1, len(values)):
        if abs(area - 1) < 1e-6:
            return f"The bars of “{name}” show a density (their area is 1). Counts were asked for."
        return (
            f"“{name}” has {len(values):,} values that are there, but the heights of the bars add up to "
            f"{heights.sum():,.6g}."
        )
    slack = 1e-9 * max(1.0, float(np.abs(values).max()))
    if left.min() > values.min() + slack or right.max() < values.max() - slack:
        return (
            f"The bars of “{name}” run from {left.min():.6g} to {right.max():.6g}, "
            f"but its values from {values.min():.6g} to {values.max():.6g}."
        )
    if _misplaced(heights, left, right, values) > 2 + MISPLACED_SHARE * len(values):
        return f"The bars of “{name}” do not hold the values that lie between their edges."
    if name.casefold() not in label.casefold():
        return f"The label of the x axis should name “{name}”; yours is “{label}”."
    return None


def _misplaced(heights: Edges, left: Edges, right: Edges, values: Edges) -> float:
    """How many values are counted in another bar than the one whose edges they lie between."""
    middles = (right[:-1] + left[1:]) / 2
    edges = np.concatenate([[-np.inf], middles, [np.inf]])
    expected = np.histogram(values, np.maximum.accumulate(edges))[0]
    return float(np.abs(expected - heights).sum() / 2)
