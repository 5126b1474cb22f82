"""What is planted to try a gate: a released model that the candidate cannot match, and one that it must beat."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gradus.errors import UsageError
from gradus.provers.apart import run_apart
from gradus.provers.declared import files_of, read_rows


def clean_copy(folder: Path) -> tuple[dict[str, bytes], str]:
    """The project as a clean clone gives it, with the commit; its files as they lie there where it is under no git.

    Raises UsageError for a project of more than 256 MB, and for one whose clone cannot be made.
    """
    import tempfile

    if not (folder / ".git").exists():
        return files_of(folder), ""
    with tempfile.TemporaryDirectory(prefix="gradus-") as place:
        safe = ["-c", f"safe.directory={folder}", "-c", f"safe.directory={folder / '.git'}"]
        clone = ["git", *safe, "clone", "--quiet", "--no-hardlinks", str(folder), "copy"]
        ended = run_apart(clone, Path(place), seconds=120)
        if ended.status:
            raise UsageError(f"The project cannot be cloned: {ended.last_line}.", str(folder), "Commit it to git.")
        head = run_apart(["git", "rev-parse", "HEAD"], Path(place) / "copy", seconds=30)
        if head.status:
            raise UsageError("The project's repository has no commit.", str(folder), "Commit your work.")
        return files_of(Path(place) / "copy", git=True), head.stdout.decode().strip()


def truths(folder: Path, rows: Any, target: Any) -> list[Any]:
    """The outcomes of the held-out rows, in order; empty where they are not there."""
    path = folder / str(rows)
    if not path.is_file():
        return []
    return [row.get(str(target)) for row in read_rows(path)]


def answers_of(truth: Sequence[Any], strong: bool, rng: np.random.Generator) -> list[Any]:
    """Answers that almost know the truth, or that know nothing of it: chances for outcomes of 0 and 1."""
    if set(truth) <= {0, 1}:
        y = np.array(truth, dtype=float)
        if strong:
            near = rng.beta(12, 1, len(y))
            return [float(value) for value in np.where(y == 1, near, 1 - near)]
        return [float(value) for value in rng.beta(1, 1, len(y))]
    return list(truth) if strong else [truth[place] for place in rng.permutation(len(truth))]


def as_csv(content: bytes | None, column: str, answers: Sequence[Any]) -> bytes | None:
    """A table of answers with ``column`` replaced, one row an answer; a new one of this column alone without content.

    None when the table has other rows, or not that column.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if content is None:
        writer.writerows([[column], *([repr(answer)] for answer in answers)])
        return out.getvalue().encode()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))))
    if len(rows) != len(answers) + 1 or column not in rows[0]:
        return None
    place = rows[0].index(column)
    for row, answer in zip(rows[1:], answers, strict=True):
        row[place] = repr(answer)
    writer.writerows(rows)
    return out.getvalue().encode()


def shuffled(content: bytes, column: str, rng: np.random.Generator) -> bytes | None:
    """A table with one column's cells dealt out anew: what a model learns from it is nothing. None without it."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))))
    if not rows or column not in rows[0]:
        return None
    place = rows[0].index(column)
    cells = [row[place] for row in rows[1:]]
    for row, other in zip(rows[1:], rng.permutation(len(cells)), strict=True):
        row[place] = cells[other]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def text(table: Mapping[str, Any], name: str) -> str:
    """A declared text, empty where it is none."""
    value = table.get(name)
    return value.strip("/") if isinstance(value, str) else ""
