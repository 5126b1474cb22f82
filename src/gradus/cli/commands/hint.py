"""``gradus hint``: the next of three steps."""

from __future__ import annotations

import click

from gradus.cli.commands.shared import exercise_argument, json_option, which


@click.command("hint")
@exercise_argument()
@json_option
def command(exercise: str | None, as_json: bool) -> None:
    """Show the next hint for EXERCISE: a nudge, then the idea, then almost there.

    Hints are free to take; a pass with hints is remembered as a pass with help, and comes back sooner for review.
    """
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.page import hint_lines
    from gradus.cli.term import Terminal

    hint = ask("hint", **which(exercise))
    if as_json:
        emit_json(hint)
    else:
        emit(hint_lines(hint, Terminal.detect()))
