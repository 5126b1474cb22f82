"""A page on the terminal's second screen: header, a body that scrolls, a footer. The scrollback stays as it was."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from gradus.cli.term import Terminal
from gradus.cli.text import cells, clip, plain

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J", "\x1b[?25h\x1b[?1049l"
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"  # terminals that know synchronized updates draw the page at once


class Screen:
    """Draws pages, remembers how far the body is scrolled, and leaves the terminal as it found it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stdout if stream is None else stream
        self.top = 0
        self._body = 0
        self._room = 1
        self._shown = False

    def enter(self) -> None:
        """Switch to the second screen."""
        if not self._shown:
            self._write(_ENTER)
            self._shown = True

    def leave(self) -> None:
        """Switch back; what was on the terminal before is there again."""
        if self._shown:
            self._shown = False
            self._write(_LEAVE)

    def scroll(self, key: str) -> bool:
        """Move the body; False when the key does not scroll or there is nothing to scroll."""
        steps = {
            "up": -1, "k": -1, "down": 1, "j": 1, " ": self._room - 1,
            "page-up": 1 - self._room, "page-down": self._room - 1, "home": -self._body, "end": self._body,
        }  # fmt: skip
        if key not in steps or self._body <= self._room:
            return False
        self.top = max(0, min(self._body - self._room, self.top + steps[key]))
        return True

    def draw(self, head: Sequence[str], body: Sequence[str], foot: Sequence[str], term: Terminal) -> None:
        """Show one page. Lines wider than the terminal are cut, never wrapped by it."""
        self._body, self._room = len(body), max(1, term.height - len(head) - len(foot))
        self.top = max(0, min(self.top, self._body - self._room))
        shown = list(body[self.top : self.top + self._room])
        if self._body > self._room:
            below = self._body - self.top - self._room
            shown[-1] = _more(below, term) if below > 0 else shown[-1]
        lines = [*head, *shown, *[""] * (self._room - len(shown)), *foot][: term.height]
        page = "\r\n".join(_fit(line, term) + "\x1b[K" for line in lines)
        self._write(f"{_BEGIN}\x1b[H{page}\x1b[J{_END}")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def _more(below: int, term: Terminal) -> str:
    arrow = "↓" if term.unicode else "v"
    return term.style(f"{arrow} {below + 1} more lines (space or {arrow} to scroll)", "dim")


def _fit(line: str, term: Terminal) -> str:
    """Cut a styled line to the terminal's width; styles are closed again."""
    room = term.columns or term.width
    return line if cells(line) <= room else clip(plain(line), room, term.symbol("cut"))
