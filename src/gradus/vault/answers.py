"""Predictions as a learner hands them in: a CSV with one row for each question, checked before it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gradus.errors import UsageError
from gradus.vault.rows import Rows, read_rows
from gradus.vault.scoring import Array, Task, label, listed

MOST_BYTES = 64 * 1024 * 1024


def read_answers(path: Path, ids: Sequence[str], id_column: str, column: str, task: Task) -> Array:
    """The answers (n,) in the order of ``ids``, from a CSV with exactly the two columns, in any order.

    Raises UsageError, in words, for whatever does not fit. Nothing counts until this has returned.
    """
    rows = read_rows(path, MOST_BYTES, "predictions")
    _require_columns(rows, id_column, column, path)
    given = [label(cell) for cell in rows.column(id_column)]
    require_ids(given, [label(name) for name in ids], id_column, path)
    values: dict[str, float] = {}
    bad: list[str] = []
    for number, (name, cell) in enumerate(zip(given, rows.column(column), strict=True), start=2):
        try:
            values[name] = task.answer(cell)
        except ValueError as error:
            bad.append(f"Row {number} ({id_column} {name}) {error}")
    if bad:
        more = f", and so or likewise in {len(bad) - 1:,} more rows" if len(bad) > 1 else ""
        raise UsageError(f"{bad[0]}{more}.", str(path), f"Each prediction is {task.words()}.")
    answers = np.array([values[label(name)] for name in ids])
    return answers.astype(int) if task.measure.wants == "class" else answers


def _require_columns(rows: Rows, id_column: str, column: str, path: Path) -> None:
    wanted = {id_column, column}
    lacking = [name for name in (id_column, column) if name not in rows.header]
    extra = [name for name in rows.header if name not in wanted]
    if not lacking and not extra:
        return
    if lacking:
        what = f"The column {listed(lacking)} is missing; the file has {listed(rows.header)}."
    else:
        what = f"The file has columns beside the two that are asked for: {listed(extra)}."
    raise UsageError(what, str(path), f"The header is `{id_column},{column}`; write it with to_csv(…, index=False).")


def require_ids(given: Sequence[str], ids: Sequence[str], id_column: str, path: Path) -> None:
    """Refuse ids that are doubled, missing, or were never asked about. Raises UsageError."""
    doubled = [name for name, count in Counter(given).items() if count > 1]
    if doubled:
        raise UsageError(
            f"{len(doubled):,} of the ids come more than once: {listed(doubled, 5)}.", str(path),
            f"Each {id_column} has one prediction.",
        )  # fmt: skip
    asked, answered = set(ids), set(given)
    lacking = [name for name in ids if name not in answered]
    unknown = [name for name in given if name not in asked]
    if lacking and unknown:
        what = (
            f"The ids do not match: {len(lacking):,} of {len(ids):,} are not answered ({listed(lacking, 3)}), and "
            f"{len(unknown):,} were never asked about ({listed(unknown, 3)})."
        )
    elif lacking:
        what = f"{len(lacking):,} of {len(ids):,} ids are not answered: {listed(lacking, 5)}."
    elif unknown:
        what = f"{len(unknown):,} ids were never asked about: {listed(unknown, 5)}."
    else:
        return
    raise UsageError(what, str(path), f"Answer every {id_column} of the file with the questions, and no other.")
