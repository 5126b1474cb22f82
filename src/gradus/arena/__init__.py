"""Local competitions: a train file, a test file without answers, a public board, and a private one at the end.

:func:`contests` lists what can be played, :func:`start` lays a competition out in a workspace, :func:`submit`,
:func:`board_of`, :func:`finish` and :func:`write_report` play it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.arena.board import Board, board_of
    from gradus.arena.field import compute_field
    from gradus.arena.models import Contest, Drawn, Options
    from gradus.arena.play import Play, find_play, finish, plays, start, submit
    from gradus.arena.report import write_report
    from gradus.arena.shelf import contest, contests

_HOMES = {
    "Board": "board", "board_of": "board", "compute_field": "field", "Contest": "models", "Drawn": "models",
    "Options": "models", "Play": "play", "finish": "play", "find_play": "play", "plays": "play", "start": "play",
    "submit": "play", "write_report": "report", "contest": "shelf", "contests": "shelf",
}  # fmt: skip

__all__ = [
    "Board", "Contest", "Drawn", "Options", "Play", "board_of", "compute_field", "contest", "contests", "find_play",
    "finish", "plays", "start", "submit", "write_report",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.arena.{_HOMES[name]}"), name)
