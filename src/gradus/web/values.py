"""Values as the verdict shows them, read back into rows and columns, so that a page can mark the cells that differ.

The texts come from ``gradus.checks.show``: ``[[1.0, 2.0], [3.0, …]]``, ``Series([1, 2], index=["a", "b"])``,
``DataFrame({"n": [8]}, index=[3])``. What is none of these, or was cut short, is no table and stays a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST_CELLS = 600
_DTYPE = re.compile(r"(?P<body>[\[\]].*\]) \((?P<note>\w+)\)", re.DOTALL)
_CLOSING = {"[": "]", "(": ")", "{": "}"}


@dataclass(frozen=True)
class Cell:
    text: str
    differs: bool = False
    gap: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells. ``columns`` and ``index`` are names where the value has some; ``note`` says what it is."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    note: str = ""


def tables(expected: str, actual: str) -> tuple[Table, Table] | None:
    """Both values as tables of one form with the differing cells marked; None when either is no table."""
    left, right = table(expected), table(actual)
    if left is None or right is None:
        return None
    return _marked(left, right), _marked(right, left)


def table(text: str) -> Table | None:
    """One value's text as a table; None when it is none."""
    text = text.strip()
    try:
        if text.startswith("DataFrame({"):
            found = _frame(text)
        elif text.startswith("Series(["):
            found = _series(text)
        elif text.startswith("["):
            found = _array(text)
        else:
            return None
    except ValueError:
        return None
    return found if found and 1 < sum(len(row) for row in found.rows) <= MOST_CELLS else None


def _marked(mine: Table, other: Table) -> Table:
    rows = tuple(
        tuple(replace(cell, differs=not cell.gap and _text_at(other, i, j) != cell.text) for j, cell in enumerate(row))
        for i, row in enumerate(mine.rows)
    )
    return replace(mine, rows=rows)


def _text_at(table: Table, row: int, column: int) -> str | None:
    rows = table.rows
    return rows[row][column].text if row < len(rows) and column < len(rows[row]) else None


def _array(text: str) -> Table | None:
    """A nested list of one or two levels, perhaps with its dtype behind it."""
    note = ""
    if match := _DTYPE.fullmatch(text):
        text, note = match["body"], match["note"]
    items = _items(text)
    if not any(item.startswith("[") for item in items):
        return Table((tuple(map(_cell, items)),), note=note)
    rows = [tuple(map(_cell, _items(item))) if item.startswith("[") else (Cell("…", gap=True),) for item in items]
    if any(cell.text.startswith("[") for row in rows for cell in row):
        return None  # three levels: a text shows it better
    return Table(tuple(rows), note=note)


def _frame(text: str) -> Table | None:
    body, index = _arguments(text.removeprefix("DataFrame("), "{")
    columns, values = [], []
    for item in _items(body):
        if item == "…":
            columns.append("…")
            values.append(["…"])
            continue
        name, colon, cells = _split_pair(item)
        if not colon:
            return None
        columns.append(_bare(name))
        values.append(_items(cells))
    height = max(map(len, values), default=0)
    rows = tuple(tuple(_cell(column[i] if i < len(column) else "…") for column in values) for i in range(height))
    return Table(rows, tuple(columns), _names(index, height), "DataFrame")


def _series(text: str) -> Table | None:
    body, rest = _arguments(text.removeprefix("Series("), "[")
    items = _items(body)
    name = _named(rest, "name")
    return Table(
        tuple((_cell(item),) for item in items), (_bare(name),) if name else (), _names(rest, len(items)), "Series"
    )


def _names(rest: str, height: int) -> tuple[str, ...]:
    index = _named(rest, "index")
    names = tuple(_bare(item) for item in _items(index)) if index.startswith("[") else ()
    return names if len(names) == height else ()


def _named(rest: str, name: str) -> str:
    """The text of ``name=…`` among the arguments that follow the first."""
    for part in _cut(rest.removesuffix(")")):
        key, equals, value = part.partition("=")
        if equals and key.strip() == name:
            return value.strip()
    return ""


def _arguments(text: str, opening: str) -> tuple[str, str]:
    """The first argument, which is a bracketed one, and the text behind it."""
    if not text.startswith(opening):
        raise ValueError(text)
    end = _matching(text)
    return text[: end + 1], text[end + 1 :].lstrip(", ")


def _split_pair(item: str) -> tuple[str, str, str]:
    for at, depth, char in _walk(item):
        if char == ":" and depth == 0:
            return item[:at].strip(), ":", item[at + 1 :].strip()
    return item, "", ""


def _items(text: str) -> list[str]:
    """The items between a pair of brackets. Raises ValueError when there is no such pair."""
    text = text.strip()
    if text[:1] not in _CLOSING or _matching(text) != len(text) - 1:
        raise ValueError(text)
    return [item for item in _cut(text[1:-1]) if item]


def _cut(text: str) -> list[str]:
    """Split at commas that stand in no bracket and no string."""
    parts, last = [], 0
    for at, depth, char in _walk(text):
        if char == "," and depth == 0:
            parts.append(text[last:at].strip())
            last = at + 1
    return [*parts, text[last:].strip()]


def _matching(text: str) -> int:
    """Where the bracket that opens the text closes."""
    for at, depth, char in _walk(text):
        if at and depth == 0 and char in ")]}":
            return at
    raise ValueError(text)


def _walk(text: str) -> Sequence[tuple[int, int, str]]:
    """Every character outside strings with its depth (a closing bracket has the depth of its opening one)."""
    found, depth, quote, escaped = [], 0, "", False
    for at, char in enumerate(text):
        if quote:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in _CLOSING:
            found.append((at, depth, char))
            depth += 1
        elif char in ")]}":
            depth -= 1
            found.append((at, depth, char))
        else:
            found.append((at, depth, char))
    return found


def _cell(text: str) -> Cell:
    return Cell(text, gap=text == "…")


def _bare(text: str) -> str:
    """A quoted name without its quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
