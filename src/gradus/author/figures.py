"""The house style of a lesson's figures, and what a figure shows as data, so that figures can be compared."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

#: Okabe and Ito's palette (2008), told apart with every common kind of color vision; yellow last, it is pale on white.
PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
METADATA_KEY: Final = "Drawing"
_TOLERANCE: Final = 2e-3  # relative; summaries of the same data differ by less on other processors


def house_style() -> dict[str, Any]:
    """Matplotlib settings of every figure of a lesson."""
    from cycler import cycler

    return {
        "figure.figsize": (6.4, 3.8),
        "figure.dpi": 150,
        "savefig.dpi": 150,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "axes.facecolor": "white",
        "figure.constrained_layout.use": True,
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.labelsize": 11,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "legend.fontsize": 10,
        "legend.frameon": False,
        "lines.linewidth": 2,
        "lines.markersize": 6,
        "axes.prop_cycle": cycler(color=PALETTE),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#DDDDDD",
        "grid.linewidth": 0.8,
        "image.cmap": "cividis",
    }


def describe(figure: Any) -> dict[str, Any]:
    """What a figure shows: texts, scales, and a summary of every line, bar, point cloud and image."""
    return {"axes": [_describe_axes(axes) for axes in figure.axes]}


def _describe_axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    bars = [patch for patch in axes.patches if type(patch).__name__ == "Rectangle"]
    return {
        "title": axes.get_title(),
        "x": [axes.get_xlabel(), axes.get_xscale()],
        "y": [axes.get_ylabel(), axes.get_yscale()],
        "lines": [[_numbers(line.get_xdata()), _numbers(line.get_ydata())] for line in axes.lines],
        "bars": [_numbers(bar.get_x() for bar in bars), _numbers(bar.get_height() for bar in bars)],
        "points": [_numbers(_flat(collection.get_offsets())) for collection in axes.collections],
        "images": [_numbers(_flat(image.get_array())) for image in axes.images],
        "texts": [text.get_text() for text in axes.texts],
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
    }


def _flat(values: Any) -> Any:
    import numpy as np

    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).ravel()


def _numbers(values: Iterable[Any]) -> list[float | None]:
    """A long list of numbers as a short one: count, extremes, mean, spread, first and last."""
    import numpy as np

    try:
        array = np.asarray(list(values), dtype=float).ravel()
    except (TypeError, ValueError):
        return [float(len(list(values)))]
    finite = array[np.isfinite(array)]
    if not finite.size:
        return [float(array.size)]
    summary = (finite.min(), finite.max(), finite.mean(), finite.std(), finite[0], finite[-1])
    return [float(array.size), float(finite.size), *(float(f"{value:.6g}") for value in summary)]


def label_problems(figure: Any) -> list[str]:
    """What a reader of the figure would miss: data, and the names of the axes."""
    plots = [axes for axes in figure.axes if axes.get_label() != "<colorbar>" and axes.get_visible()]
    if not plots:
        return ["nothing is drawn"]
    found = []
    for number, axes in enumerate(plots, start=1):
        which = f"axes {number}" if len(plots) > 1 else "the figure"
        if not axes.has_data():
            found.append(f"{which}: there is no data")
        if not axes.axison:
            continue  # a picture, not a plot
        for name, shared in (("x", axes.get_shared_x_axes()), ("y", axes.get_shared_y_axes())):
            label = getattr(axes, f"get_{name}label")()
            others = [getattr(other, f"get_{name}label")() for other in plots if shared.joined(axes, other)]
            common = getattr(figure, f"get_sup{name}label")()
            if not (label or any(others) or common):
                found.append(f"{which}: the {name} axis has no label")
    return found


def difference(stored: Any, drawn: Any, where: str = "figure") -> str:
    """Where two descriptions differ, in words; empty when they show the same."""
    if isinstance(stored, dict) and isinstance(drawn, dict):
        for key in sorted(stored.keys() | drawn.keys()):
            if told := difference(stored.get(key), drawn.get(key), f"{where}, {key}"):
                return told
        return ""
    if isinstance(stored, list) and isinstance(drawn, list):
        if len(stored) != len(drawn):
            return f"{where}: {len(stored)} stored, {len(drawn)} drawn"
        return next(filter(None, (difference(a, b, where) for a, b in zip(stored, drawn, strict=True))), "")
    if isinstance(stored, int | float) and isinstance(drawn, int | float):
        same = math.isclose(stored, drawn, rel_tol=_TOLERANCE, abs_tol=1e-6)
    else:
        same = stored == drawn
    return "" if same else f"{where}: {stored!r} stored, {drawn!r} drawn"


def stored_description(path: Path) -> dict[str, Any] | None:
    """What a PNG says it shows, or None when it does not say."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            text = getattr(image, "text", {})
        found = json.loads(text[METADATA_KEY])
    except (OSError, KeyError, ValueError):
        return None
    return found if isinstance(found, dict) else None
