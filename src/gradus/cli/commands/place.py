"""``gradus place``: skip what you know, by solving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from gradus.cli.commands.roadmap import complete_stage
from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

Json = Mapping[str, Any]


@click.command("place")
@click.argument(
    "stage", type=int, required=False, default=1, shell_complete=complete_stage, help="The stage; 1 by default."
)
@json_option
def command(stage: int, as_json: bool) -> None:
    """Lay out the entry test of STAGE: one exercise a unit.

    Each one you solve without help shows that you know its unit, and the unit is skipped.
    """
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json

    placement = ask("place", stage=stage)
    if as_json:
        emit_json(placement)
    else:
        emit(_lines(placement, Terminal.detect()))


def _lines(placement: Json, term: Terminal) -> list[str]:
    from gradus.cli.places import shorten
    from gradus.cli.text import one_line, wrap
    from gradus.cli.verdict import command_rows

    intro = "Solve any of these without help, and its unit is skipped. Leave the ones that are new to you."
    lines = [term.style(f"Stage {placement['stage']}: {one_line(placement['title'], 60)}", "strong"), ""]
    lines += [*wrap(intro, term.width, term), ""]
    for task in placement["tasks"]:
        done = task["status"] in ("passed", "mastered", "skipped by placement")
        mark = term.style(term.symbol("passed" if done else "unstarted"), "ok" if done else "dim")
        lines.append(f"{mark} {one_line(task['unit_title'], 60)}  {term.style(task['status'], 'dim')}")
        lines.append(f"    {term.style(one_line(shorten(task['file']), 300), 'info')}")
    if not placement["tasks"]:
        return [*lines[:2], *wrap("This stage has no units to skip yet.", term.width, term)]
    first = next((task for task in placement["tasks"] if task["status"] not in ("passed", "mastered")), None)
    rows = [("gradus watch", "checks whichever of them you save")]
    if first:
        rows.append((f"gradus check {one_line(shorten(first['file']), 300)}", "checks one"))
    return [*lines, "", *command_rows(rows, term)]
