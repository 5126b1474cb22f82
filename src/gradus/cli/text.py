"""Text for a terminal: made harmless, measured in cells, wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from gradus.cli.term import Terminal

_SGR = re.compile(r"\x1b\[[0-9;]*m")

#: Everything that could move the cursor, hide text or reorder it: C0 and C1 controls, bidirectional controls,
#: zero-width and interlinear characters, line and paragraph separators, the byte-order mark, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)

Span = tuple[str, tuple[str, ...]]


def sanitize(text: str) -> str:
    """Make text from outside (prints, messages, file names) harmless: control characters become visible escapes.

    Newlines stay; a Windows line end becomes one; tabs become spaces.
    """
    text = text.replace("\r\n", "\n").expandtabs(4)
    return _UNSAFE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code == 0x0D:
        return "\\r"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: str, limit: int = 200) -> str:
    """Sanitized text on a single line, cut at ``limit`` characters."""
    flat = " ".join(sanitize(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def plain(text: str) -> str:
    """The text without our own color codes."""
    return _SGR.sub("", text)


def cells(text: str) -> int:
    """How many columns a terminal needs for the text (wide characters count twice, combining ones not at all)."""
    text = plain(text)
    if text.isascii():
        return len(text)
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    """The text, filled with spaces to ``width`` columns."""
    return text + " " * max(0, width - cells(text))


def clip(text: str, width: int, cut: str = "…") -> str:
    """Uncolored text, cut to ``width`` columns."""
    if cells(text) <= width:
        return text
    room = width - cells(cut)
    kept = ""
    for char in text:
        room -= _cell(char)
        if room < 0:
            break
        kept += char
    return kept + cut


def words(text: str, *styles: str) -> list[Span]:
    """Split into words and the blanks between them, each carrying the styles."""
    return [(part, styles) for part in re.split(r"(\s+)", text) if part]


def wrap_spans(spans: Iterable[Span], width: int, term: Terminal) -> list[str]:
    """Break styled words into lines of at most ``width`` columns; a longer word is cut across lines."""
    lines: list[str] = []
    line: list[Span] = []
    used = 0
    for chunk in _unbreakable(spans):
        size = sum(cells(text) for text, _ in chunk)
        if not chunk[0][0].strip():
            if used and used + 1 <= width:
                line.append((" ", chunk[0][1]))
                used += 1
            continue
        if used and used + size > width:
            lines.append(_paint(line, term))
            line, used = [], 0
        for text, styles in chunk:
            while used + cells(text) > width and cells(text) > 1:
                head = clip(text, max(1, width - used), "")
                lines.append(_paint([*line, (head, styles)], term))
                line, used, text = [], 0, text[len(head) :]
            line.append((text, styles))
            used += cells(text)
    if any(text.strip() for text, _ in line):
        lines.append(_paint(line, term))
    return lines


def _paint(line: list[Span], term: Terminal) -> str:
    """Style a line, neighbors of one style together; a blank between two styles has none."""
    while line and not line[-1][0].strip():
        line = line[:-1]
    joined: list[Span] = []
    for at, (text, styles) in enumerate(line):
        if not text.strip() and (at == 0 or line[at - 1][1] != styles or line[at + 1][1] != styles):
            styles = ()
        if joined and joined[-1][1] == styles:
            joined[-1] = (joined[-1][0] + text, styles)
        else:
            joined.append((text, styles))
    return "".join(term.style(text, *styles) for text, styles in joined)


def _unbreakable(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Group neighbors without a blank between them: "(`x`)." stays together."""
    group: list[Span] = []
    for span in spans:
        if not span[0].strip():
            if group:
                yield group
            yield [span]
            group = []
        else:
            group.append(span)
    if group:
        yield group


def wrap(text: str, width: int, term: Terminal, *styles: str) -> list[str]:
    """Wrap plain text, keeping its line breaks."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.extend(wrap_spans(words(line, *styles), width, term) or [""])
    return lines


def indent(lines: Sequence[str], prefix: str = "  ") -> list[str]:
    """Put a prefix before every line that is not empty."""
    return [prefix + line if line else "" for line in lines]


def bar(share: float, width: int, term: Terminal) -> str:
    """A progress bar of ``width`` cells."""
    filled = round(max(0.0, min(1.0, share)) * width)
    return term.style(term.symbol("full") * filled, "ok") + term.style(term.symbol("empty") * (width - filled), "dim")


def table(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Align columns; the last one is left as long as it is."""
    if not rows:
        return []
    count = max(len(row) for row in rows)
    widths = [max((cells(row[i]) for row in rows if i < len(row)), default=0) for i in range(count)]
    return [gap.join(pad(cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 hint``, ``2 hints``."""
    return f"{count} {noun if count == 1 else many or noun + 's'}"


def minutes(total: float) -> str:
    """A time span in words: ``45 s``, ``12 min``, ``1 h 05 min``."""
    seconds = round(total * 60)
    if seconds < 90:
        return f"{seconds} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d} min"
