from collections.abc import Collection

Cell = str | float | None


def parse_rows(lines: list[str], numeric: Collection[str] = ()) -> list[dict[str, Cell]]:
    """Turn the lines of a CSV file into one dictionary per row.

    Cells of the columns named in `numeric` become float, or None where they are blank; all others stay text.
    """
    raise NotImplementedError
