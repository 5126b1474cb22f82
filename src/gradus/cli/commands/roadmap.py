"""``gradus roadmap``: every stage, unit and exercise, with counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

from gradus.cli.commands.shared import json_option, page
from gradus.cli.term import Terminal

Json = Mapping[str, Any]


def complete_stage(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The stages' numbers."""
    from gradus.cli.ids import stage_numbers

    return [CompletionItem(number) for number in stage_numbers() if number.startswith(incomplete)]


@click.command("roadmap")
@click.argument("stage", type=int, required=False, shell_complete=complete_stage, help="Show only this stage.")
@click.option("--units", is_flag=True, help="Leave the exercises out.")
@json_option
def command(stage: int | None, units: bool, as_json: bool) -> None:
    """List every stage, unit and exercise. Units that are not written yet are said to be coming."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit_json
    from gradus.errors import UsageError

    road = ask("roadmap")
    if stage is not None:
        road["stages"] = [item for item in road["stages"] if item["number"] == stage]
        if not road["stages"]:
            raise UsageError(f"There is no stage {stage}.", next_step=f"Stages are 1 to {road['counts']['stages']}.")
    if as_json:
        emit_json(road)
        return
    term = Terminal.detect()
    page(_lines(road, units, stage is not None, term), term)


def _lines(road: Json, units_only: bool, one: bool, term: Terminal) -> list[str]:
    from gradus.cli.text import one_line, plural, wrap

    counts = road["counts"]
    lines = []
    if not one:
        promise = wrap(one_line(road["promise"], 300), term.width, term)
        lines += [term.style(one_line(road["title"], 100), "strong"), *promise, ""]
    for stage in road["stages"]:
        lines += [*_stage(stage, units_only, term), ""]
    if not one:
        coming = counts["units"] - counts["units_ready"]
        text = f"{plural(counts['exercises'], 'exercise')} in {plural(counts['units_ready'], 'unit')}"
        lines += wrap(f"{text}; {plural(coming, 'unit')} coming." if coming else f"{text}.", term.width, term, "dim")
    return lines


def _stage(stage: Json, units_only: bool, term: Terminal) -> list[str]:
    from gradus.cli.text import indent, one_line, wrap

    weeks = stage["weeks"]
    dash = "–" if term.unicode else "-"
    span = f"{weeks[0]}{dash}{weeks[1]} weeks" if weeks else "ongoing"
    head = term.style(f"Stage {stage['number']}  {one_line(stage['title'], 60)}", "strong")
    lines = [f"{head}  {term.style(span, 'dim')}"]
    for unit in stage["units"]:
        lines += _unit(unit, units_only, term)
    milestone = wrap(f"Milestone: {one_line(stage['milestone']['statement'], 300)}", term.width - 4, term)
    return [*lines, *indent(milestone, "    ")]


def _unit(unit: Json, units_only: bool, term: Terminal) -> list[str]:
    from gradus.cli.text import clip, one_line, pad, plural

    coming = unit["status"] == "coming"
    count = "coming" if coming else plural(unit["counts"]["exercises"], "exercise")
    symbol = term.style(term.symbol("coming" if coming else "bullet"), "dim")
    room = max(12, term.width - 12 - len(count))
    title = clip(one_line(unit["title"], 80), room, term.symbol("cut"))
    lines = [f"  {symbol} {unit['number']}  {title}  {term.style(count, 'dim')}"]
    if units_only or not unit["exercises"]:
        return lines
    width = max(len(exercise["id"]) for exercise in unit["exercises"])
    for exercise in unit["exercises"]:
        name = term.style(pad(exercise["id"], width), "info")
        title = clip(one_line(exercise["title"], 80), max(8, term.width - width - 11), term.symbol("cut"))
        lines.append(f"         {name}  {title}")
    return lines
