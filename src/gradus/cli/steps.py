"""The next step, on the screen: what to do, in which file, and the command that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradus.cli.markdown import render
from gradus.cli.page import step_lines
from gradus.cli.places import shorten
from gradus.cli.term import Terminal
from gradus.cli.text import bar, cells, clip, minutes, one_line, pad, plural, wrap
from gradus.cli.verdict import command_rows

Json = Mapping[str, Any]
_COMMANDS = {
    "review": "asks what is due",
    "milestone": "examines your own work",
    "coming": "shows what you can do so far",
    "done": "shows what you can do",
}


def home_lines(answer: Json, term: Terminal) -> list[str]:
    """Where the learner is, in three lines, and the next step with its command."""
    lines = [*place_lines(answer, term), ""]
    step: Json = answer["step"]
    lines.append(f"{term.style('Next:', 'strong')} {one_line(step.get('title', ''), 200)}")
    if step.get("why"):
        lines += wrap(term.prose(one_line(step["why"], 400)), term.width, term, "dim")
    if file := (answer.get("focus") or {}).get("file"):
        lines.append(f"File: {term.style(one_line(shorten(file), 300), 'info')}")
    return [*lines, "", *command_rows(_rows(answer), term)]


def place_lines(answer: Json, term: Terminal) -> list[str]:
    """Stage and unit with their bars."""
    rows = []
    for name in ("stage", "unit"):
        at: Json = answer.get(name) or {}
        if at and at.get("total"):
            label = f"Stage {at['number']}" if name == "stage" else f"Unit {at['number']}"
            rows.append((label, one_line(at.get("title", ""), 60), int(at["passed"]), int(at["total"])))
    if not rows:
        return [term.style("Gradus", "strong")]
    first = max(cells(label) for label, *_ in rows)
    room = term.width - first - 2 - 22
    second = min(max(cells(title) for _, title, *_ in rows), max(8, room))
    lines = []
    for label, title, passed, total in rows:
        name = f"{term.style(pad(label, first), 'dim')}  {pad(clip(title, second, term.symbol('cut')), second)}"
        share = passed / total if total else 0.0
        lines.append(f"{name}  {bar(share, 10, term)} {passed} of {total}")
    return lines


def next_lines(answer: Json, term: Terminal) -> list[str]:
    """The next step in full: for an exercise, its task."""
    step: Json = answer["step"]
    focus: Json = answer.get("focus") or {}
    lines = _due(answer, term)
    if not focus.get("exercise") or step.get("kind") not in ("exercise", "lesson"):
        return [*lines, *step_lines(step, term)]
    lines += [
        term.style(one_line(focus["title"], 100), "strong"),
        *wrap(_meta(focus, term), term.width, term, "dim"),
        "",
    ]
    lines += render(focus.get("task") or "", term)
    where = "Work in the folder" if focus.get("kind") == "project" else "Write it in"
    lines += ["", where, f"  {term.style(one_line(shorten(focus['file']), 300), 'info')}", ""]
    return lines + command_rows(_rows(answer), term)


def _due(answer: Json, term: Terminal) -> list[str]:
    """One line when something is due for review, unless that is the next step itself."""
    due = int(answer.get("due") or 0)
    if not due or answer["step"].get("kind") == "review":
        return []
    return [*wrap(f"{plural(due, 'review')} due: gradus review", term.width, term, "warn"), ""]


def _meta(focus: Json, term: Terminal) -> str:
    unit: Json = focus.get("unit") or {}
    parts = [
        focus.get("exercise", ""),
        f"{unit.get('number', '')} {unit.get('title', '')}".strip(),
        f"about {minutes(focus['minutes'])}" if focus.get("minutes") else "",
        focus.get("status", ""),
    ]
    return f" {term.symbol('dot')} ".join(one_line(part, 60) for part in parts if part)


def _rows(answer: Json) -> list[tuple[str, str]]:
    step: Json = answer["step"]
    focus: Json = answer.get("focus") or {}
    rows: list[tuple[str, str]] = []
    if step.get("kind") == "lesson" or (focus.get("exercise") and not focus.get("lesson_opened")):
        unit = (focus.get("unit") or {}).get("id") or step.get("unit") or ""
        rows.append((f"gradus lesson {unit}".strip(), "the lesson: read it first, it is short"))
    if focus.get("lacks"):
        rows.append(("gradus install mlops", "the libraries of this stage, which are not installed yet"))
    if focus.get("exercise"):
        rows += [
            ("gradus watch", "checks on every save"),
            ("gradus check", "checks once"),
            ("gradus hint", f"{plural(int(focus.get('hints') or 0), 'hint')} left"),
        ]
    elif step.get("command"):
        rows.append((step["command"], _COMMANDS.get(step.get("kind", ""), "the next step")))
    return rows
