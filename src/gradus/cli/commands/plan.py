"""``gradus plan``: dates for every unit, and what the real pace makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gradus.cli.commands.shared import json_option, page
from gradus.cli.term import Terminal

Json = Mapping[str, Any]
BACKGROUNDS = ("developer", "analyst", "student", "beginner")


@click.command("plan")
@click.option("--background", type=click.Choice(BACKGROUNDS), help="Where you come from.")
@click.option("--hours", type=float, help="Hours a week you have.")
@click.option("--track", help="The track: ml-engineer or ai-engineer.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="The day you begin, e.g. 2027-01-04.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write a calendar file.")
@click.option("--force", is_flag=True, help="Let --ics replace a file that exists.")
@json_option
def command(
    background: str | None,
    hours: float | None,
    track: str | None,
    start: datetime | None,
    ics: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Show a date for every unit and milestone, and a forecast from your real pace.

    With options, the plan is made anew from them; what you leave out stays as it was.
    """
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json

    changes = {
        "background": background,
        "hours_per_week": hours,
        "track": track,
        "start": start.date().isoformat() if start else None,
    }
    plan = ask("plan", **{key: value for key, value in changes.items() if value is not None})
    if ics:
        _write(ics, ask("calendar")["ics"], force)
    if as_json:
        emit_json(plan)
        return
    term = Terminal.detect()
    if ics:
        from gradus.cli.places import shorten

        emit([f"Wrote {shorten(ics)}: open it with your calendar, or import it there."])
    else:
        page(plan_lines(plan, term), term)


def _write(path: Path, text: str, force: bool) -> None:
    from gradus.errors import UsageError

    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError("There is a file of this name already.", str(path), "Add --force to replace it.") from None
    except OSError as error:
        raise UsageError(f"The file cannot be written: {error.strerror}.", str(path)) from None


def plan_lines(plan: Json, term: Terminal) -> list[str]:
    """The plan as a table, a stage at a time."""
    from gradus.cli.text import plural, wrap

    settings = plan["settings"]
    head = (
        f"{settings['background'].capitalize()}, {settings['hours_per_week']:g} hours a week, "
        f"track {settings['track']}, from {settings['start']}."
    )
    lines = wrap(head, term.width, term, "dim")
    for stage in plan["stages"]:
        units = [unit for unit in plan["units"] if int(unit["stage"]) == stage["number"]]
        lines += ["", *_stage(stage, units, term)]
    low, high = plan["months_range"]
    finish = term.style(plan["finish"], "strong")
    months = plural(round(high), "month") if round(low) == round(high) else f"{low:.0f} to {high:.0f} months"
    lines += ["", f"The road ends on {finish} ({months})."]
    lines += _forecast(plan.get("forecast"), term)
    for note in plan.get("notes") or []:
        lines += wrap(note, term.width, term, "dim")
    return lines


def _stage(stage: Json, units: list[Json], term: Terminal) -> list[str]:
    from gradus.cli.text import clip, one_line, pad

    low, high = stage["weeks_range"]
    span = f"{low:g}" if low == high else f"{low:g}{'–' if term.unicode else '-'}{high:g}"
    lines = [term.style(f"Stage {stage['number']}  {one_line(stage['title'], 60)}", "strong") + f"  {span} weeks"]
    narrow = term.width < 60
    room = max(10, min(34, term.width - (22 if narrow else 46)))
    for unit in units:
        title = pad(clip(one_line(unit["title"], 80), room, term.symbol("cut")), room)
        dates = str(unit["ends"]) if narrow else f"{unit['starts']} {term.symbol('arrow')} {unit['ends']}"
        done = f"done {unit['done_on']}" if unit.get("done_on") else unit["status"].replace("not started", "")
        tail = "" if narrow else f"  {term.style(done, 'ok' if unit.get('done_on') else 'dim')}"
        lines.append(f"  {unit['number']}  {title}  {dates}{tail}".rstrip())
    proved = f"proved {stage['proved_on']}" if stage.get("proved_on") else ""
    label = pad("Milestone", room + 5)
    gap = "" if narrow else " " * (11 + len(term.symbol("arrow")) + 1)
    lines.append(f"  {term.style(label, 'info')}  {gap}{stage['ends']}  {term.style(proved, 'ok')}".rstrip())
    return lines


def _forecast(forecast: Json | None, term: Terminal) -> list[str]:
    from gradus.cli.text import plural, wrap

    if not forecast:
        return wrap("A forecast from your real pace begins with the first unit you finish.", term.width, term, "dim")
    pace = forecast["pace"]
    words = "as planned" if 0.95 <= pace <= 1.05 else f"{pace:.2g} times the planned time"
    text = (
        f"At your pace so far ({words}, from {plural(forecast['units'], 'finished unit')}) it ends around "
        f"{forecast['likely']}: most likely between {forecast['earliest']} and {forecast['latest']}."
    )
    return wrap(text, term.width, term)
