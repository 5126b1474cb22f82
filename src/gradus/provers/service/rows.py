"""Rows of the project's own table, drawn with a seed, and the strange rows made from them."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradus.provers.service.faults import Found

Row = dict[str, Any]
LARGEST = 256 * 2**20
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})
UNSEEN = "gradus-unseen"


@dataclass(frozen=True)
class Table:
    """The feature columns of a table, each row as a JSON object: numbers, texts, truth values, None for a hole."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    texts: frozenset[str]

    def draw(self, count: int, rng: np.random.Generator) -> list[Row]:
        """``count`` rows at random, none twice (all rows in random order when there are fewer)."""
        order = rng.permutation(len(self.rows))[:count]
        return [dict(self.rows[int(i)]) for i in order]

    def varied(self, rng: np.random.Generator, count: int) -> list[Row]:
        """Whole rows without holes, as different from each other as can be had quickly."""
        whole = [row for row in self.draw(20 * count, rng) if None not in row.values()] or list(self.rows)
        return whole[:count]


def read_table(path: Path, target: str | None, drop: Sequence[str] = ()) -> Table:
    """Read a CSV file's feature columns. Raises :class:`Found` (``not_declared``) when it cannot be used."""
    try:
        if path.stat().st_size > LARGEST:
            raise Found("not_declared", f"`{path.name}` is larger than {LARGEST // 2**20} MB.")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *lines = [line for line in csv.reader(stream) if line]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise Found("not_declared", f"The declared rows `{path.name}` cannot be read as CSV: {error}.") from None
    if target is not None and target not in head:
        raise Found("not_declared", f"The target `{target}` is no column of `{path.name}`.")
    if not lines or any(len(line) != len(head) for line in lines) or len(set(head)) != len(head):
        raise Found("not_declared", f"`{path.name}` needs rows of {len(head)} different columns each.")
    places = [i for i, name in enumerate(head) if name != target and name not in drop]
    values = {head[i]: _column([line[i] for line in lines]) for i in places}
    texts = frozenset(name for name, column in values.items() if any(isinstance(value, str) for value in column))
    rows = tuple(dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
    return Table(tuple(values), rows, texts)


def _column(texts: Sequence[str]) -> list[Any]:
    """One column's values: whole numbers, numbers, truth values or texts, whichever fits all of them."""
    full = [text.strip() for text in texts if text.strip().lower() not in EMPTY]
    for read in (_whole, _finite, _truth):
        try:
            known = {text: read(text) for text in full}
        except ValueError:
            continue
        return [known.get(text.strip()) for text in texts]
    return [text if text.strip().lower() not in EMPTY else None for text in texts]


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > 2**53:
        raise ValueError(text)
    return number


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    if text not in ("True", "False", "true", "false"):
        raise ValueError(text)
    return text in ("True", "true")


def shuffled(row: Row, rng: np.random.Generator) -> Row:
    """The same row with its fields in another order."""
    names = list(row)
    order = rng.permutation(len(names))
    while len(names) > 1 and list(order) == list(range(len(names))):
        order = rng.permutation(len(names))
    return {names[int(i)]: row[names[int(i)]] for i in order}
