"""Where in a TOML file a key stands, so that an error can name its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The 1-based line of the longest prefix of ``path`` that the file spells out; 1 when there is none.

    ``path`` is a location as Pydantic reports it: keys, and positions in arrays of tables.
    """
    best_length, best_line = 0, 1
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    wanted = tuple(path)
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _resolve(_split(header[2]), counts, is_array=header[1] == "[[")
            here = table
        elif key := _KEY.match(line):
            here = table + _split(key[1])
        else:
            continue
        if len(here) > best_length and wanted[: len(here)] == here:
            best_length, best_line = len(here), number
    return best_line


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _resolve(
    names: tuple[str, ...], counts: dict[tuple[str | int, ...], int], *, is_array: bool
) -> tuple[str | int, ...]:
    """Turn a header's names into a path with positions: the last seen element of each array of tables."""
    where: tuple[str | int, ...] = ()
    for depth, name in enumerate(names):
        where = (*where, name)
        last = depth == len(names) - 1
        if last and is_array:
            counts[where] = counts.get(where, -1) + 1
        if where in counts:
            where = (*where, counts[where])
    return where
