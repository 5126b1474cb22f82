"""``gradus check``: one verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gradus.cli.commands.shared import exercise_argument, json_option, which

EXIT_CODES = {"passed": 0, "grader_error": 3}


@click.command("check")
@exercise_argument()
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="Check this file (a project: this folder) instead of the exercise's own.",
)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Draw the inputs of an earlier check again.")
@json_option
@click.pass_context
def command(ctx: click.Context, exercise: str | None, file: Path | None, seed: int | None, as_json: bool) -> None:
    """Check EXERCISE: run what you wrote on fresh inputs and say what was seen.

    EXERCISE is an id or the path of your file; without it, the exercise you are at is checked.
    Exits 0 when it passed, 1 when not, 2 when the command was wrong, 3 when the checker failed.
    """
    from gradus.cli.ask import ask_slowly
    from gradus.cli.out import emit, emit_json
    from gradus.cli.steps_shown import shown_on
    from gradus.cli.term import Terminal

    args = {**which(exercise), **({"file": str(file.absolute())} if file else {})}
    with shown_on(None if as_json else sys.stderr) as show:
        answer = ask_slowly("check", {**args, **({"seed": seed} if seed is not None else {})}, show)
    verdict = answer["verdict"]
    if as_json:
        emit_json(verdict)
    else:
        from gradus.cli.verdict import render_verdict

        emit(render_verdict(verdict, answer["screen"], Terminal.detect()))
    ctx.exit(EXIT_CODES.get(verdict["outcome"], 1))
