"""``gradus reset``: back to the start, with the old work kept."""

from __future__ import annotations

import sys

import click

from gradus.cli.commands.shared import exercise_argument, json_option, which


@click.command("reset")
@exercise_argument(required=True)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def command(ctx: click.Context, exercise: str, yes: bool, as_json: bool) -> None:
    """Put EXERCISE back to its start. What you wrote is kept in your record, and progress is not taken back."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import shorten
    from gradus.errors import UsageError

    focus = ask("focus", **which(exercise))
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise UsageError("Resetting asks first, and nobody is there to answer.", next_step="Add --yes.")
        if not click.confirm(f"Put {shorten(focus['file'])} back to its start? What you wrote is kept."):
            ctx.exit(1)
    laid = ask("reset", exercise=focus["exercise"])
    if as_json:
        emit_json(laid)
    else:
        kept = f" What you had is kept as {shorten(laid['kept'])}." if laid.get("kept") else ""
        emit([f"{shorten(laid['file'])} is as it was at the start.{kept}"])
