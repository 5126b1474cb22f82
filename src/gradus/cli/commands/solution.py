"""``gradus solution``: the reference, with a question first when the exercise is not passed."""

from __future__ import annotations

import sys

import click

from gradus.cli.commands.shared import exercise_argument, json_option, which


@click.command("solution")
@exercise_argument()
@click.option("-y", "--yes", is_flag=True, help="Do not ask, even before a pass.")
@json_option
@click.pass_context
def command(ctx: click.Context, exercise: str | None, yes: bool, as_json: bool) -> None:
    """Show the reference solution of EXERCISE.

    Before a pass you are asked first: a later pass then counts as helped, and does not show mastery.
    """
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.page import solution_lines
    from gradus.cli.term import Terminal
    from gradus.errors import UsageError

    focus = ask("focus", **which(exercise))
    if not focus.get("passed") and not yes:
        if as_json or not sys.stdin.isatty():
            raise UsageError(
                f"{focus['exercise']} is not passed yet, and seeing the solution makes later passes count as helped.",
                next_step="Add --yes to see it all the same, or take a hint: gradus hint",
            )
        question = f"{focus['exercise']} is not passed yet. See the solution, and let a later pass count as helped?"
        if not click.confirm(question):
            ctx.exit(1)
    solution = ask("solution", exercise=focus["exercise"])
    if as_json:
        emit_json(solution)
    else:
        emit(solution_lines(solution, Terminal.detect()))
