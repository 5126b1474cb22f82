"""``gradus progress``: the map in words and bars, what the learner can do, and the rhythm, without guilt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from gradus.cli.commands.shared import json_option, page
from gradus.cli.term import Terminal

Json = Mapping[str, Any]

MARKS = {
    "done": ("passed", "ok"), "mastered": ("passed", "ok"), "passed": ("passed", "ok"),
    "skipped by placement": ("passed", "ok"), "passed with help": ("passed", "warn"),
    "under way": ("not_yet", "warn"), "tried": ("not_yet", "warn"),
    "not started": ("unstarted", "dim"), "coming": ("coming", "dim"),
}  # fmt: skip


@click.command("progress")
@click.option("--all", "everything", is_flag=True, help="Show every unit and exercise, also of stages not begun.")
@json_option
def command(everything: bool, as_json: bool) -> None:
    """Show where you are on the map, what you can do (with the evidence for it), and the days you practiced."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit_json

    answer = ask("progress")
    if as_json:
        emit_json(answer)
        return
    term = Terminal.detect()
    page(_lines(answer, everything, term), term)


def _lines(answer: Json, everything: bool, term: Terminal) -> list[str]:
    progress: Json = answer["progress"]
    lines: list[str] = []
    for stage in progress["stages"]:
        lines += [*_stage(stage, everything, term), ""]
    lines += _mastery(answer["mastery"], everything, term)
    lines += _totals(progress, term)
    return lines + _rhythm(progress.get("rhythm"), term)


def _stage(stage: Json, everything: bool, term: Terminal) -> list[str]:
    from gradus.cli.text import bar, one_line

    head = term.style(f"Stage {stage['number']}  {one_line(stage['title'], 60)}", "strong")
    if stage["total"]:
        share = stage["passed"] / stage["total"]
        head += f"  {bar(share, 10, term)} {stage['passed']} of {stage['total']}"
    lines = [head if stage["total"] else f"{head}  {term.style(stage['status'], 'dim')}"]
    if stage["status"] == "coming" and not everything:
        return lines
    current = _current(stage)
    for unit in stage["units"]:
        lines.append(_unit(unit, term))
        if unit["exercises"] and (everything or unit["id"] == current):
            lines += [_exercise(exercise, term) for exercise in unit["exercises"]]
    return [*lines, _milestone(stage, term)]


def _current(stage: Json) -> str | None:
    """The unit whose exercises are worth listing: the one under way."""
    return next((unit["id"] for unit in stage["units"] if unit["status"] == "under way"), None)


def _mark(status: str, term: Terminal) -> str:
    symbol, style = MARKS.get(status, ("unstarted", "dim"))
    return term.style(term.symbol(symbol), style)


def _unit(unit: Json, term: Terminal) -> str:
    from gradus.cli.text import clip, one_line, pad

    narrow = term.width < 60
    room = max(8, min(34, term.width - (32 if narrow else 42)))
    title = pad(clip(one_line(unit["title"], 80), room, term.symbol("cut")), room)
    count = "" if narrow else pad(f"{unit['passed']} of {unit['total']}" if unit["total"] else "", 9)
    return f"  {_mark(unit['status'], term)} {unit['number']}  {title}  {count}{unit['status']}".rstrip()


def _exercise(exercise: Json, term: Terminal) -> str:
    from gradus.cli.text import clip, one_line, pad

    room = max(12, min(28, term.width - 40))
    title = pad(clip(one_line(exercise["id"], 60), room, term.symbol("cut")), room)
    return f"      {_mark(exercise['status'], term)} {title}  {term.style(exercise['status'], 'dim')}"


def _milestone(stage: Json, term: Terminal) -> str:
    from gradus.cli.text import clip, one_line

    proved = stage.get("milestone_proved")
    words = f"proved {str(proved)[:10]}" if proved else f"not proved yet: gradus milestone {stage['number']}"
    mark = term.style(term.symbol("passed" if proved else "unstarted"), "ok" if proved else "dim")
    title = clip(one_line(stage["milestone"], 80), max(12, term.width - 14 - len(words)), term.symbol("cut"))
    return f"  {mark} Milestone  {title}\n      {term.style(words, 'dim')}" if title else f"  {mark} Milestone  {words}"


def _mastery(mastery: Json, everything: bool, term: Terminal) -> list[str]:
    from gradus.cli.text import indent, one_line, wrap

    shown = [outcome for outcome in mastery["outcomes"] if outcome["mastered_at"]]
    begun = [outcome for outcome in mastery["outcomes"] if not outcome["mastered_at"] and outcome["evidence"]]
    lines = []
    if shown:
        lines += [term.style("You can", "strong")]
        for outcome in shown:
            lines += _statement(outcome, "passed", "ok", _evidence(outcome), term)
        lines += [""]
    if begun:
        lines += [term.style("On the way", "strong")]
        for outcome in begun if everything else begun[:5]:
            lines += _statement(outcome, "not_yet", "warn", one_line(outcome["missing"], 200), term)
        if len(begun) > 5 and not everything:
            more = f"and {len(begun) - 5} more: gradus progress --all"
            lines += indent(wrap(more, term.width - 4, term, "dim"), "    ")
        lines += [""]
    if not shown and not begun:
        lines += wrap(
            "What you can do is listed here once it is shown: three passes without help on different items, "
            "one of them a day or more later.", term.width, term, "dim",
        )  # fmt: skip
        lines += [""]
    return lines


def _evidence(outcome: Json) -> str:
    items = ", ".join(f"{item['item']} on {str(item['at'])[:10]}" for item in outcome["evidence"][-3:])
    return f"shown by {items}"


def _statement(outcome: Json, symbol: str, style: str, below: str, term: Terminal) -> list[str]:
    from gradus.cli.text import indent, one_line, wrap

    first, *rest = wrap(one_line(outcome["can"], 300), term.width - 4, term)
    lines = [f"  {term.style(term.symbol(symbol), style)} {first}", *indent(rest, "    ")]
    return lines + indent(wrap(below, term.width - 4, term, "dim"), "    ")


def _totals(progress: Json, term: Terminal) -> list[str]:
    from gradus.cli.text import minutes, plural, wrap

    text = (
        f"{progress['passed']} of {plural(progress['total'], 'exercise')} passed, "
        f"{plural(progress['attempts'], 'check')}, {plural(progress['hints'], 'hint')}, "
        f"{minutes(progress['minutes'])} of practice."
    )
    return wrap(text, term.width, term)


def _rhythm(rhythm: Json | None, term: Terminal) -> list[str]:
    """Days practiced. Nothing counts down, nothing is lost by resting."""
    from gradus.cli.text import plural

    if not rhythm:
        return []
    week = " ".join(
        f"{day}{term.style(term.symbol('passed') if done else term.symbol('dot'), 'ok' if done else 'dim')}"
        for day, done in zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), rhythm["week"], strict=False)
    )
    total = f"{plural(rhythm['days_total'], 'day')} in all."
    return [f"This week: {week}   {total}"] if term.width >= 60 else [f"This week, {total}", week]
