import csv
from collections.abc import Collection

Cell = str | float | None


def parse_rows(lines: list[str], numeric: Collection[str] = ()) -> list[dict[str, Cell]]:
    """Turn the lines of a CSV file into one dictionary per row.

    Cells of the columns named in `numeric` become float, or None where they are blank; all others stay text.
    """
    return [
        {column: number(cell) if column in numeric else cell for column, cell in row.items()}
        for row in csv.DictReader(lines)
    ]


def number(cell: str) -> float | None:
    """The number a cell holds, or None for a blank cell."""
    return float(cell) if cell.strip() else None
