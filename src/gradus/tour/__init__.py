"""The tour: the whole road walked once, with the reference solutions as the learner, and nothing pretended.

:func:`walk` walks it in a new folder and tells a :class:`Show` of every step; :func:`serve` runs the service that a
tour left behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.tour.deployed import serve
    from gradus.tour.story import Chapter, Done, Show, Step
    from gradus.tour.walking import Walked, steps, walk

_HOMES = {
    "walk": "walking", "Walked": "walking", "steps": "walking", "serve": "deployed",
    "Show": "story", "Step": "story", "Done": "story", "Chapter": "story",
}  # fmt: skip

__all__ = ["Chapter", "Done", "Show", "Step", "Walked", "serve", "steps", "walk"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.tour.{_HOMES[name]}"), name)
