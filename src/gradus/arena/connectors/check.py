"""A submission compared with the sample that a server gives out, before anything is sent."""

from __future__ import annotations

import math
from pathlib import Path

from gradus.errors import UsageError
from gradus.vault.answers import MOST_BYTES, require_ids
from gradus.vault.rows import Rows, read_rows
from gradus.vault.scoring import is_missing, label, listed


def require_like_sample(path: Path, sample: Path) -> Rows:
    """Same columns, same ids, every cell filled, numbers where the sample has numbers. Raises UsageError in words."""
    wanted = read_rows(sample, MOST_BYTES, "sample submission")
    given = read_rows(path, MOST_BYTES, "predictions")
    lacking = [name for name in wanted.header if name not in given.header]
    extra = [name for name in given.header if name not in wanted.header]
    if lacking or extra:
        parts = [f"{words} {listed(names)}" for words, names in (("lacks", lacking), ("has too much", extra)) if names]
        raise UsageError(
            f"The file {' and '.join(parts)}.", str(path),
            f"The header is `{','.join(wanted.header)}`; write it with to_csv(…, index=False).",
        )  # fmt: skip
    first = wanted.header[0]
    ids = [label(cell) for cell in given.column(first)]
    require_ids(ids, [label(cell) for cell in wanted.column(first)], first, path)
    for name in wanted.header[1:]:
        numeric = all(_number(cell) for cell in wanted.column(name))
        for number, cell in enumerate(given.column(name), start=2):
            if is_missing(cell):
                raise UsageError(f"Row {number} has no {name}.", f"{path}:{number}", "Every id needs a prediction.")
            if numeric and not _number(cell):
                raise UsageError(f"Row {number}: {name} is {cell!r}, which is no finite number.", f"{path}:{number}")
    return given


def _number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
