"""The page of watch mode: on a terminal it replaces itself, elsewhere it is plain lines, one verdict after another."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradus.cli.keys import Mode
from gradus.cli.markdown import render
from gradus.cli.places import shorten
from gradus.cli.screen import Screen
from gradus.cli.term import Terminal
from gradus.cli.text import bar, cells, clip, indent, one_line, pad, sanitize, wrap
from gradus.cli.verdict import render_verdict, status_words
from gradus.errors import GradusError

Json = Mapping[str, Any]

KEYS: Sequence[tuple[str, str]] = (
    ("h", "hint"), ("n", "next"), ("r", "run again"), ("t", "task"), ("l", "lesson"), ("s", "solution"),
    ("e", "edit"), ("q", "quit"),
)  # fmt: skip


class Page:
    """Plain lines: what a pipe, a dumb terminal or a screen reader gets. :class:`LivePage` draws over it."""

    def __init__(self) -> None:
        self.focus: Json = {}
        self.term = Terminal.detect()

    # What watch mode tells the page. ------------------------------------------------------------------

    def show_task(self, focus: Json) -> None:
        """An exercise came into focus."""
        self.focus = focus
        self.body(task_lines(focus, self.term))

    def show_verdict(self, focus: Json, verdict: Json, screen: Json) -> None:
        """A check is done."""
        self.focus = focus
        self.body(render_verdict(verdict, screen, self.term))

    def show_hint(self, hint: Json) -> None:
        """A hint was asked for."""
        self.body(hint_lines(hint, self.term), keep=True)

    def show_lesson(self, lesson: Json) -> None:
        """The unit's lesson."""
        self.body(lesson_lines(lesson, self.term))

    def show_solution(self, solution: Json) -> None:
        """The reference solution."""
        self.body(solution_lines(solution, self.term))

    def show_failure(self, error: GradusError) -> None:
        """A question could not be answered."""
        self.body(failure_lines(error, self.term))

    def show_help(self) -> None:
        """What every key does."""
        self.body([f"{key}  {words}" for key, words in KEYS])

    def note(self, text: str) -> None:
        """A short remark."""
        self.body(wrap(text, self.term.width, self.term, "warn"), keep=True)

    def checking(self) -> None:
        """A check has begun."""

    def scroll(self, key: str) -> bool:
        """Whether the key moved the page."""
        return False

    def draw(self, waiting: float = 0.0) -> None:
        """Draw again, where that means anything."""

    def edit(self, path: Path) -> None:
        """Open the file in the learner's editor."""

    def farewell(self, focus: Json) -> list[str]:
        """What stays on the terminal after leaving: where things stand, and how to go on."""
        unit: Json = focus.get("unit") or {}
        lines = []
        if focus.get("exercise"):
            lines.append(f"{focus['exercise']}: {focus.get('status') or 'not started'}")
        if unit.get("total"):
            lines.append(
                f"Unit {unit['number']} {one_line(unit['title'], 60)}: {unit['passed']} of {unit['total']} passed."
            )
        return [*lines, f"Go on with {self.term.style('gradus watch', 'info')}"]

    # How lines get out. -------------------------------------------------------------------------------

    def body(self, lines: list[str], keep: bool = False) -> None:
        """Put lines on the page; ``keep`` leaves what was there below them."""
        sys.stdout.write("\n".join([*lines, "", self.term.rule(min(self.term.width, 40)), ""]))
        sys.stdout.flush()


class LivePage(Page):
    """The page that replaces itself, with a header (where you are) and a footer (what keys do)."""

    def __init__(self, screen: Screen | None = None) -> None:
        super().__init__()
        self.screen = screen or Screen()
        self._lines: list[str] = []
        self._again: Any = None
        self.mode: Mode | None = None
        self._busy = False
        self._drawn_width = self.term.width

    def body(self, lines: list[str], keep: bool = False) -> None:
        """Replace the body and draw."""
        rule = self.term.rule(min(self.term.width, 40))
        self._lines = [*lines, "", rule, "", *self._lines] if keep and self._lines else lines
        self._busy = False
        self.screen.top = 0
        self.draw()

    def show_task(self, focus: Json) -> None:
        self._again = lambda: task_lines(focus, self.term)
        super().show_task(focus)

    def show_verdict(self, focus: Json, verdict: Json, screen: Json) -> None:
        self._again = lambda: render_verdict(verdict, screen, self.term)
        super().show_verdict(focus, verdict, screen)

    def show_lesson(self, lesson: Json) -> None:
        self._again = lambda: lesson_lines(lesson, self.term)
        super().show_lesson(lesson)

    def checking(self) -> None:
        """Say so only in the footer: the last verdict stays readable until the next replaces it."""
        self._busy = True

    def scroll(self, key: str) -> bool:
        moved = self.screen.scroll(key)
        if moved:
            self.draw()
        return moved

    def draw(self, waiting: float = 0.0) -> None:
        """Draw the page, laid out anew when the terminal's size has changed."""
        self.term = Terminal.detect()
        if self.term.width != self._drawn_width and self._again is not None:
            self._lines = self._again()
        self._drawn_width = self.term.width
        head = head_lines(self.focus, self.term)
        self.screen.draw(head, self._lines, foot_lines(self.focus, waiting, self.term), self.term)

    def edit(self, path: Path) -> None:
        """Open the file; an editor that needs the terminal gets it, and gives it back."""
        from gradus.cli.editor import find_editor, is_windowed, open_file

        command = find_editor()
        if command is None:
            self.note("No editor was found. Set EDITOR, or open the file yourself.")
        elif is_windowed(command):
            open_file(path, command)
            self.note(f"Opened in {command[0]}.")
        else:
            self.screen.leave()
            if self.mode is not None:
                self.mode.restore()
            open_file(path, command)
            if self.mode is not None:
                self.mode.single_keys()
            self.screen.enter()
            self.draw()


# ------------------------------------------------------------------------------------------------ lines


def head_lines(focus: Json, term: Terminal) -> list[str]:
    """Unit, exercise, progress."""
    unit: Json = focus.get("unit") or {}
    passed, total = int(unit.get("passed") or 0), int(unit.get("total") or 0)
    left = one_line(f"{unit.get('number', '')} {unit.get('title', '')}".strip() or "Gradus", 60)
    count = f"{passed} of {total}" if total else ""
    size = 10 if term.width >= 60 else 5
    right = f"{bar(passed / total, size, term)} {count}" if total else ""
    room = term.width - cells(right) - 1
    return [pad(term.style(clip(left, room, term.symbol("cut")), "strong"), room + 1) + right, term.rule()]


def foot_lines(focus: Json, waiting: float, term: Terminal) -> list[str]:
    """The file to edit and what the keys do; while a check takes long, for how long."""
    file = one_line(shorten(focus["file"]), 200) if focus.get("file") else ""
    status = f"Checking{term.symbol('cut')} {waiting:.0f} s" if waiting > 0.3 else (f"Edit {file}" if file else "")
    return [term.rule(), clip(status, term.columns or term.width, term.symbol("cut")), *_keys(term)]


def _keys(term: Terminal) -> list[str]:
    """The keys, on as many lines as the width needs (two at most: the rest is under ``?``)."""
    lines, line = [], ""
    for key, words in KEYS:
        item = f"{term.style(key, 'info', 'strong')} {term.style(words, 'dim')}"
        if line and cells(line) + 3 + cells(item) > term.width:
            lines.append(line)
            line = item
        else:
            line = f"{line}   {item}" if line else item
    return [*lines, line][:2]


def task_lines(focus: Json, term: Terminal) -> list[str]:
    """What to write, and in which file; or why there is nothing to write."""
    if not focus.get("exercise"):
        return step_lines(focus.get("step") or {}, term)
    meta = f"about {focus['minutes']} min" if focus.get("minutes") else ""
    status = focus.get("status") or ""
    detail = f" {term.symbol('dot')} ".join(part for part in (focus.get("exercise", ""), meta, status) if part)
    lines = [term.style(one_line(focus.get("title", ""), 100), "strong"), term.style(detail, "dim"), ""]
    lines += render(focus.get("task") or "", term)
    if focus.get("file"):
        where = "Work in the folder" if focus.get("kind") == "project" else "Write it in"
        lines += ["", f"{where} {term.style(one_line(shorten(focus['file']), 300), 'info')}"]
        lines += wrap("Save the file and the verdict appears here.", term.width, term, "dim")
    if focus.get("lesson") and not focus.get("lesson_opened"):
        how = "press l" if term.interactive else "gradus lesson"
        lines += ["", *wrap(f"The lesson explains what you need: {how}.", term.width, term, "dim")]
    return lines


def step_lines(step: Json, term: Terminal) -> list[str]:
    """A next step that is not an exercise."""
    lines = [term.style(one_line(step.get("title") or "Nothing is left to do here.", 100), "strong")]
    if step.get("why"):
        lines += ["", *render(step["why"], term)]
    if step.get("command"):
        lines += ["", f"  {term.style(sanitize(step['command']), 'info')}"]
    return lines


def hint_lines(hint: Json, term: Terminal) -> list[str]:
    """One hint and how many are left."""
    level, left = hint.get("level", 1), hint.get("remaining", 0)
    head = term.style(f"Hint {level} of {level + left}", "strong")
    tail = f"{left} more" if left else "That was the last one."
    return [f"{head} {term.style(term.symbol('dot') + ' ' + tail, 'dim')}", "", *render(hint.get("text", ""), term)]


def lesson_lines(lesson: Json, term: Terminal) -> list[str]:
    """A lesson as a page."""
    lines = render(lesson.get("text", ""), term)
    if lesson.get("file"):
        lines += ["", *wrap(f"The file: {shorten(lesson['file'])}", term.width, term, "dim")]
    return lines


def solution_lines(solution: Json, term: Terminal) -> list[str]:
    """The reference, as it stands."""
    lines = [term.style("The reference solution", "strong"), ""]
    lines += indent([term.style(line, "code") for line in sanitize(solution.get("source", "")).rstrip().split("\n")])
    if solution.get("aided"):
        lines += ["", *wrap("Seen before a pass: passing this exercise now counts as helped.", term.width, term, "dim")]
    return lines


def failure_lines(error: GradusError, term: Terminal) -> list[str]:
    """An error of ours, on the page."""
    lines = [status_words("grader_error", term), "", *wrap(sanitize(error.what), term.width, term, "strong")]
    if error.where:
        lines += wrap(sanitize(error.where), term.width, term, "dim")
    return lines + (wrap(sanitize(error.next_step), term.width, term) if error.next_step else [])
