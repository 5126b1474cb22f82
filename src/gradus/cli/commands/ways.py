"""``gradus ways``: after a pass, other good solutions beside one's own."""

from __future__ import annotations

from typing import Any

import click

from gradus.cli.commands.shared import exercise_argument, json_option, page, which
from gradus.cli.term import Terminal


@click.command("ways")
@exercise_argument()
@json_option
def command(exercise: str | None, as_json: bool) -> None:
    """Show other good ways to solve EXERCISE, timed beside yours. Available after a pass."""
    from gradus.cli.ask import ask_checker
    from gradus.cli.out import emit_json

    ways = ask_checker("ways", **(which(exercise) if exercise else {"last": True}))
    if as_json:
        emit_json(ways)
        return
    term = Terminal.detect()
    page(_lines(ways, term), term)


def _lines(ways: dict[str, Any], term: Terminal) -> list[str]:
    from gradus.cli.markdown import render
    from gradus.cli.text import indent, plural, sanitize, wrap

    lines: list[str] = []
    if ways.get("yours") is not None:
        inputs = f" on {plural(ways['inputs'], 'input')}" if ways.get("inputs") else ""
        lines += [f"Yours took {_time(ways['yours'])}{inputs}.", ""]
    for way in ways["ways"]:
        time = f"  {term.style(_time(way['milliseconds']), 'dim')}" if way.get("milliseconds") is not None else ""
        reference = way["name"] == "reference"
        name = "The reference" if reference else sanitize(way["name"]).replace("_", " ").capitalize()
        lines.append(term.style(name, "strong") + time)
        lines += render(way["praise"], term) if way.get("praise") and not reference else []
        code = _without_praise(sanitize(way["source"]), way.get("praise") or "").strip("\n").split("\n")
        lines += ["", *indent([term.style(line, "code") for line in code]), ""]
    if not ways["ways"]:
        lines += wrap("There is no other way here yet.", term.width, term)
    return lines[:-1] if lines and not lines[-1] else lines


def _without_praise(source: str, praise: str) -> str:
    """The source without the docstring that was just shown above it."""
    first = f'"""{praise}"""'
    return source.lstrip()[len(first) :] if praise and source.lstrip().startswith(first) else source


def _time(milliseconds: float) -> str:
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.1f} ms" if milliseconds >= 0.1 else f"{milliseconds * 1000:.0f} µs"
