"""``gradus next``: the one obvious next step."""

from __future__ import annotations

import click

from gradus.cli.commands.shared import json_option


@click.command("next")
@json_option
def command(as_json: bool) -> None:
    """Say what to do next: the task, the file to write it in, and the command that checks it."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.steps import next_lines
    from gradus.cli.term import Terminal

    answer = ask("next")
    if as_json:
        emit_json(answer)
    else:
        emit(next_lines(answer, Terminal.detect()))
