"""What a learner drew, as data: the judge compares bars, lines and labels, never pixels.

This is read off Matplotlib's public artists once the learner's function has returned.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AxesDrawing:
    """One pair of axes."""

    title: str = ""


@dataclass(frozen=True)
class Drawing:
    """A figure: its axes in the order they were added."""

    axes: tuple[AxesDrawing, ...]


def register() -> None:
    """Make the rules known to the codec."""
