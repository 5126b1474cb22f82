"""The statistics a learner returned, brought into one form, and the ones they should equal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Statistics = dict[str, dict[str, float]]

NAMES = ("count", "mean", "std", "min", "median", "max")
_ALIASES = {"50%": "median", "50": "median", "n": "count", "minimum": "min", "maximum": "max", "stddev": "std"}
RELATIVE_TOLERANCE = 1e-7


class NotStatistics(ValueError):  # noqa: N818 - reads as what it says at the place of use
    """What `stats` returned cannot be read as statistics; the message says why, to the learner."""


def normalize(value: Any) -> Statistics:
    """One mapping ``column -> {count, mean, std, min, median, max}`` from a frame (either way round) or nested dicts.

    Raises NotStatistics when a statistic is missing or is not a number.
    """
    import pandas as pd

    if value is None:
        raise NotStatistics("`stats` returned None. Did you print the table instead of returning it?")
    if isinstance(value, Mapping):
        try:
            value = pd.DataFrame({name: dict(column) for name, column in value.items()}).T
        except (TypeError, ValueError):
            raise NotStatistics("`stats` should return a DataFrame with one row per numeric column.") from None
    if not isinstance(value, pd.DataFrame):
        raise NotStatistics(f"`stats` should return a DataFrame; yours is a {type(value).__name__}.")
    frame = _with_known_names(value)
    if frame is None:
        frame = _with_known_names(value.T)
    if frame is None:
        lacking = [name for name in NAMES if name not in map(_canonical, value.columns)]
        raise NotStatistics(f"The table of statistics lacks {', '.join(lacking)}. Its columns are the statistics.")
    return {str(name): _numbers(str(name), row) for name, row in frame.iterrows()}


def _canonical(name: Any) -> str:
    text = str(name).strip().lower()
    return _ALIASES.get(text, text)


def _with_known_names(frame: pd.DataFrame) -> pd.DataFrame | None:
    renamed = frame.rename(columns=_canonical)
    return renamed[list(NAMES)] if set(NAMES) <= set(renamed.columns) else None


def _numbers(column: str, row: pd.Series[Any]) -> dict[str, float]:
    numbers = {}
    for name in NAMES:
        try:
            numbers[name] = float(row[name])
        except (TypeError, ValueError):
            raise NotStatistics(f"`{name}` of column “{column}” is not one number: {row[name]!r}.") from None
    return numbers


def recompute(column: pd.Series[Any]) -> dict[str, tuple[float, ...]]:
    """What each statistic of a numeric column may be. Only the deviation has two right answers (ddof 1 and 0)."""
    values = column.dropna().astype(float)
    return {
        "count": (float(len(values)),),
        "mean": (float(values.mean()),),
        "std": (float(values.std(ddof=1)), float(values.std(ddof=0))),
        "min": (float(values.min()),),
        "median": (float(values.median()),),
        "max": (float(values.max()),),
    }


def close(actual: float, expected: float, scale: float = 0.0) -> bool:
    """Equal up to rounding; ``scale`` is the largest magnitude that the sum went through."""
    if math.isnan(actual) or math.isnan(expected):
        return math.isnan(actual) and math.isnan(expected)
    tolerance = RELATIVE_TOLERANCE * max(abs(actual), abs(expected)) + 1e-9 * scale
    return abs(actual - expected) <= tolerance


def first_difference(
    actual: Statistics, expected: Statistics, columns: list[str]
) -> tuple[str, str, float, float] | None:
    """The first column and statistic that differ, with both values; a column that vanished counts as NaN."""
    for column in columns:
        scale = max(abs(expected[column]["min"]), abs(expected[column]["max"]))
        for name in NAMES:
            got = actual.get(column, {}).get(name, math.nan)
            if not close(got, expected[column][name], scale):
                return column, name, got, expected[column][name]
    return None
