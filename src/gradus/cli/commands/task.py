"""``gradus task``: what an exercise asks for."""

from __future__ import annotations

import click

from gradus.cli.commands.shared import exercise_argument, json_option, which


@click.command("task")
@exercise_argument()
@json_option
def command(exercise: str | None, as_json: bool) -> None:
    """Show what EXERCISE asks for, and the file to write it in."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.steps import next_lines
    from gradus.cli.term import Terminal

    focus = ask("focus", **which(exercise))
    if as_json:
        emit_json(focus)
    else:
        step = focus.get("step") or {"kind": "exercise"}
        emit(next_lines({"step": step, "focus": focus}, Terminal.detect()))
