"""Expected beside actual, with the differing cells marked by more than color."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from gradus.cli.term import Terminal
from gradus.cli.text import cells, clip, pad, sanitize

VALUE_LINES = 14
ROW_BREAK = 24
_TOKEN = re.compile(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)|\w+|\s+|.", re.IGNORECASE | re.DOTALL)
_HEADS = ("expected", "yours")

Marked = list[tuple[str, bool]]


def side_by_side(expected: object, actual: object, term: Terminal) -> list[str]:
    """Two columns where they fit, one below the other where they do not.

    In color, differing tokens are bold and underlined; without color, a line of carets stands below them.
    """
    left, right = _lines(expected), _lines(actual)
    if not left and not right:
        return []
    if not left or not right:
        head = _HEADS[0] if left else _HEADS[1]
        return _column(head, [[(line, False)] for line in left or right], term)
    marked_left, marked_right = _mark(left, right)
    half = (term.width - 6) // 2
    widest = max(cells(line) for line in [*left, *_HEADS[:1]])
    widest_right = max(cells(line) for line in right)
    if 2 + widest + 3 + widest_right <= term.width:
        return _columns(marked_left, marked_right, min(max(widest, len(_HEADS[0])), max(half, widest)), term)
    return [*_column(_HEADS[0], marked_left, term), *_column(_HEADS[1], marked_right, term)]


def _lines(value: object) -> list[str]:
    """The value's lines; a nested list that is written on one line gets one line for each row."""
    text = sanitize(str(value)).strip("\n") if value is not None else ""
    if len(text) > ROW_BREAK and text.startswith("[[") and "\n" not in text:
        text = text.replace("], [", "],\n [")
    return text.split("\n") if text else []


def _mark(left: Sequence[str], right: Sequence[str]) -> tuple[list[Marked], list[Marked]]:
    """Split each line into tokens and flag those that have no equal in the other value's line."""
    if len(left) == len(right):
        pairs = [_mark_line(a, b) for a, b in zip(left, right, strict=True)]
        return [a for a, _ in pairs], [b for _, b in pairs]
    same_left = {line.strip() for line in right}
    same_right = {line.strip() for line in left}
    return (
        [[(line, line.strip() not in same_left)] for line in left],
        [[(line, line.strip() not in same_right)] for line in right],
    )


def _mark_line(a: str, b: str) -> tuple[Marked, Marked]:
    first, second = _TOKEN.findall(a), _TOKEN.findall(b)
    if len(first) > 400 or len(second) > 400:
        return [(a, a != b)], [(b, a != b)]
    solid_a = [token for token in first if token.strip()]
    solid_b = [token for token in second if token.strip()]
    if len(solid_a) == len(solid_b):  # the same form: entries stand across from each other
        changed = {at for at, (x, y) in enumerate(zip(solid_a, solid_b, strict=True)) if x != y}
        return _flag(first, changed), _flag(second, changed)
    changed_a, changed_b = set(range(len(solid_a))), set(range(len(solid_b)))
    for block in SequenceMatcher(None, solid_a, solid_b, autojunk=False).get_matching_blocks():
        changed_a -= set(range(block.a, block.a + block.size))
        changed_b -= set(range(block.b, block.b + block.size))
    return _flag(first, changed_a), _flag(second, changed_b)


def _flag(tokens: Sequence[str], changed: set[int]) -> Marked:
    out: Marked = []
    at = 0
    for token in tokens:
        solid = bool(token.strip())
        out.append((token, solid and at in changed))
        at += solid
    return out


def _columns(left: list[Marked], right: list[Marked], width: int, term: Terminal) -> list[str]:
    out = ["  " + pad(term.style(_HEADS[0], "dim"), width) + "   " + term.style(_HEADS[1], "dim")]
    rows = max(len(left), len(right))
    for at in _shown(left, right, rows):
        if at is None:
            out.append(term.style(f"  {term.symbol('cut')}", "dim"))
            continue
        a: Marked = left[at] if at < len(left) else []
        b: Marked = right[at] if at < len(right) else []
        out.append(f"  {pad(_paint(a, term), width)}   {_paint(b, term)}".rstrip())
        carets = f"  {pad(_carets(a, term), width)}   {_carets(b, term)}".rstrip()
        out += [carets] if carets else []
    return out


def _column(head: str, value: list[Marked], term: Terminal) -> list[str]:
    out = ["  " + term.style(head, "dim")]
    for at in _shown(value, value, len(value)):
        if at is None:
            out.append(term.style(f"    {term.symbol('cut')}", "dim"))
            continue
        for piece in _fold(value[at], term.width - 4):
            out.append("    " + _paint(piece, term))
            if carets := _carets(piece, term).rstrip():
                out.append("    " + carets)
    return out


def _shown(left: list[Marked], right: list[Marked], rows: int) -> list[int | None]:
    """Which rows to show of a long value: the first ones, and those around the first difference; None is a cut."""
    if rows <= VALUE_LINES:
        return list(range(rows))
    first = next((i for i in range(rows) if _differs(left, i) or _differs(right, i)), 0)
    if first < VALUE_LINES - 2:
        return [*range(VALUE_LINES - 1), None]
    start = max(2, min(first - 2, rows - (VALUE_LINES - 4)))
    stop = min(rows, start + VALUE_LINES - 4)
    return [0, 1, None, *range(start, stop), *([None] if stop < rows else [])]


def _differs(value: list[Marked], at: int) -> bool:
    return at < len(value) and any(flag for _, flag in value[at])


def _fold(line: Marked, width: int) -> list[Marked]:
    """Break a line that is wider than the terminal."""
    pieces: list[Marked] = [[]]
    used = 0
    for token, flag in line:
        while token:
            head = clip(token, max(1, width - used), "") if used + cells(token) > width else token
            if not head or (used and head != token and cells(token) <= width):
                pieces.append([])
                used = 0
                continue
            pieces[-1].append((head, flag))
            used += cells(head)
            token = token[len(head) :]
            if token:
                pieces.append([])
                used = 0
    return pieces


def _paint(line: Marked, term: Terminal) -> str:
    return "".join(term.style(token, "mark") if flag else token for token, flag in line)


def _carets(line: Marked, term: Terminal) -> str:
    if term.color:
        return ""
    return "".join(("^" if flag else " ") * cells(token) for token, flag in line)
