"""A CSV file as text cells, and altered copies of it. Works on any CSV a learner brings, whatever its dialect."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from gradus.errors import UsageError

MOST_BYTES = 32 * 1024 * 1024
FEWEST_ROWS = 20
_MISSING = {"", "na", "n/a", "nan", "null", "none", "-"}


@dataclass(frozen=True)
class Table:
    """Header and rows of a CSV, as text, with the dialect they were written in."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str

    def to_bytes(self) -> bytes:
        """The table as a CSV file in its own dialect."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue().encode(self.encoding)

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """Columns whose cells are plain finite numbers or missing, with at least two different numbers."""
        return tuple(name for name in self.header if self._is_numeric(name))

    def _is_numeric(self, name: str) -> bool:
        numbers: set[float] = set()
        for cell in self.column(name):
            if not is_missing(cell):
                value = as_number(cell)
                if value is None:
                    return False
                numbers.add(value)
        return len(numbers) >= 2

    def column(self, name: str) -> tuple[str, ...]:
        position = self.header.index(name)
        return tuple(row[position] for row in self.rows)

    def take(self, positions: Iterable[int]) -> Table:
        """The rows at ``positions``, in that order."""
        return replace(self, rows=tuple(self.rows[int(i)] for i in positions))

    def with_column(self, name: str, cells: Sequence[str]) -> Table:
        """One more column at the right."""
        rows = tuple((*row, cell) for row, cell in zip(self.rows, cells, strict=True))
        return replace(self, header=(*self.header, name), rows=rows)

    def mapped(self, name: str, change: Callable[[int, str], str]) -> Table:
        """One column changed cell by cell; ``change`` receives the row number and the text."""
        position = self.header.index(name)
        rows = tuple(
            (*row[:position], change(number, row[position]), *row[position + 1 :])
            for number, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)

    def scaled(self, name: str, factor: int) -> Table:
        """One numeric column in another unit: every number times ``factor``, missing cells left alone."""
        return self.mapped(name, lambda _, cell: cell if is_missing(cell) else _times(cell, factor))

    def blanked(self, name: str, rng: np.random.Generator, many: int) -> tuple[Table, int]:
        """``many`` of one column's numbers taken out, or as many as leave two behind; also how many it was."""
        present = [number for number, cell in enumerate(self.column(name)) if not is_missing(cell)]
        many = max(0, min(many, len(present) - 2))
        chosen = set(rng.choice(present, size=many, replace=False).tolist()) if many else set()
        return self.mapped(name, lambda number, cell: "" if number in chosen else cell), many


def is_missing(cell: str) -> bool:
    return cell.strip().lower() in _MISSING


def as_number(cell: str) -> float | None:
    """A plain finite number, or None. Python's own underscores and infinities are not numbers in a CSV."""
    if "_" in cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _times(cell: str, factor: int) -> str:
    text = cell.strip()
    return str(int(text) * factor) if text.lstrip("+-").isdigit() else repr(float(text) * factor)


def read_table(path: Path) -> tuple[Table, bytes]:
    """Read a learner's CSV once: the table, and the very bytes it was made of.

    Raises UsageError, with what to do, for a file that is missing, too large, not a CSV, or without numbers.
    """
    content = _read_bytes(path)
    text, encoding = _decode(content, path)
    delimiter = _delimiter(text)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise UsageError(f"This file cannot be read as a CSV: {error}.", str(path), "Export it again as CSV.") from None
    if len(lines) < FEWEST_ROWS + 1:
        raise UsageError(
            f"This CSV has {max(0, len(lines) - 1)} rows; at least {FEWEST_ROWS} are needed.",
            str(path),
            "Choose a larger data set.",
        )
    header = tuple(lines[0])
    if len(set(header)) != len(header):
        raise UsageError("Two columns of this CSV have the same name.", str(path), "Rename one of them.")
    for number, row in enumerate(lines[1:], start=2):
        if len(row) != len(header):
            raise UsageError(
                f"Row {number} has {len(row)} cells, but the header has {len(header)}.",
                f"{path}:{number}",
                "Mend the row, or export the file again.",
            )
    table = Table(header, tuple(tuple(row) for row in lines[1:]), delimiter, encoding)
    if not table.numeric:
        raise UsageError(
            "No column of this CSV holds plain numbers that differ.",
            str(path),
            "Choose a data set with at least one numeric column (1234.5, not 1.234,50 or $12).",
        )
    return table, content


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UsageError("This is not a file.", str(path), "Set DATA to the path of a CSV file.")
        if size > MOST_BYTES:
            raise UsageError(
                f"This file has {size / 2**20:,.0f} MB; the examination takes at most {MOST_BYTES // 2**20} MB.",
                str(path),
                "Save a random sample of its rows as a file of its own, and use that.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError("There is no such file.", str(path), "Set DATA to the path of your CSV file.") from None
    except OSError as error:
        raise UsageError(f"This file cannot be read: {error.strerror}.", str(path), "Check its permissions.") from None


def _decode(content: bytes, path: Path) -> tuple[str, str]:
    if b"\0" in content:
        raise UsageError("This file holds binary data, not a CSV.", str(path), "Export it as CSV.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, "utf-8" if encoding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf") else encoding
    raise UsageError("The text encoding of this file is not known.", str(path), "Save it as UTF-8.")


def _delimiter(text: str) -> str:
    """The separator that splits most of the first lines into the same number of cells; a comma when none splits any."""
    lines = text.splitlines()[:50]

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        width, lines_of_it = widths.most_common(1)[0] if widths else (1, 0)
        return lines_of_it, width

    try:
        return max((",", ";", "\t", "|"), key=score)
    except csv.Error:
        return ","
