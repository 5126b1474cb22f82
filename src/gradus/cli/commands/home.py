"""``gradus`` alone: where you are and what comes next; outside a workspace, how to begin."""

from __future__ import annotations

from gradus.cli.out import emit
from gradus.cli.places import workspace_root
from gradus.cli.term import Terminal
from gradus.cli.verdict import command_rows


def home() -> int:
    """Print the page and return the exit code."""
    term = Terminal.detect()
    if workspace_root() is None:
        emit(_begin(term))
        return 0
    from gradus.cli.ask import ask
    from gradus.cli.steps import home_lines

    emit(home_lines(ask("next"), term))
    return 0


def _begin(term: Terminal) -> list[str]:
    """For somebody who has never seen it."""
    from gradus.cli.text import wrap

    rows = [
        ("gradus init gradus-work", "makes your folder (name it as you like)"),
        ("gradus roadmap", "shows the whole road first, if you would rather look"),
        ("gradus --help", "lists every command"),
    ]
    intro = "Learn machine learning by doing it: you write code in your editor; Gradus runs it and says what it saw."
    return [
        term.style("Gradus", "strong"), "", *wrap(intro, term.width, term), "",
        *wrap("You are not in a Gradus folder yet. Begin with the first of these:", term.width, term), "",
        *command_rows(rows, term),
    ]  # fmt: skip
