"""Provers that examine a learner's own work and write down what they measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.milestones.proving import lay_out_milestone, milestone_file, prove
    from gradus.milestones.report import Probe, Report

_HOMES = {
    "prove": "proving",
    "lay_out_milestone": "proving",
    "milestone_file": "proving",
    "Probe": "report",
    "Report": "report",
}

__all__ = ["Probe", "Report", "lay_out_milestone", "milestone_file", "prove"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.milestones.{_HOMES[name]}"), name)
