"""Reads the header first and looks up each column's converter once, not once per cell: quicker on long files."""

import csv
from collections.abc import Collection

Cell = str | float | None


def parse_rows(lines: list[str], numeric: Collection[str] = ()) -> list[dict[str, Cell]]:
    rows = (row for row in csv.reader(lines) if row)
    header = next(rows, [])
    convert = [number if column in numeric else str for column in header]
    return [{column: read(cell) for column, read, cell in zip(header, convert, row, strict=True)} for row in rows]


def number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        if cell.strip():
            raise
        return None
