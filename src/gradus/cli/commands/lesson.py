"""``gradus lesson``: a unit's lesson in the terminal."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from gradus.cli.commands.shared import json_option, page


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from gradus.cli.ids import unit_ids

    return [CompletionItem(name) for name in unit_ids() if name.startswith(incomplete)]


@click.command("lesson")
@click.argument(
    "unit", required=False, shell_complete=_complete, help="A unit's id (numpy) or number (1.2); yours by default."
)
@click.option("--path", "only_path", is_flag=True, help="Print only where the file lies.")
@json_option
def command(unit: str | None, only_path: bool, as_json: bool) -> None:
    """Read the lesson of UNIT (the one you are in, by default)."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.page import lesson_lines
    from gradus.cli.term import Terminal

    lesson = ask("lesson", **({"unit": unit} if unit else {}))
    if as_json:
        emit_json(lesson)
    elif only_path:
        emit([lesson["file"]])
    else:
        term = Terminal.detect()
        page(lesson_lines(lesson, term), term)
