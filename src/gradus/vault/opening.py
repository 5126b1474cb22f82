"""Opening a sealed set: predictions are scored, and the score is in the ledger before it is shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError
from gradus.vault.answers import read_answers
from gradus.vault.ledger import (
    LOOKED,
    OPENED,
    SEALED_FILE,
    Ledger,
    Opening,
    Standing,
    VaultError,
    append,
    locked_vault,
    read_ledger,
)
from gradus.vault.rows import read_rows, sha256_of, write_whole
from gradus.vault.sealing import PREDICTION, ROW

if TYPE_CHECKING:
    import pandas as pd

_MOST_COMPARED = 200_000


def open_set(folder: Path, name: str, predictions: Path, again: bool = False) -> Opening:
    """Score predictions (columns ``row``, ``prediction``) against a sealed set, once.

    Bad predictions raise UsageError and use nothing up. A second look raises UsageError unless ``again`` is given, and
    marks the opening and all later ones as seen. Raises VaultError when the set or the ledger was tampered with.
    """
    with locked_vault(folder):
        ledger, standing = _ready(folder, name, again)
        sealed = standing.sealed
        rows = read_rows(folder / name / SEALED_FILE)
        ids = [str(number) for number in range(len(rows))]
        answers = read_answers(predictions, ids, ROW, PREDICTION, sealed.task)
        truth = sealed.task.truth(rows.column(sealed.target))
        score = sealed.task.score(truth, answers)
        low, high = sealed.task.interval(truth, answers)
        number = len(standing.openings) + 1
        kept = folder / name / f"opening-{number}.csv"
        write_whole(kept, predictions.read_bytes())
        data = {
            "score": score, "low": low, "high": high, "metric": sealed.task.metric, "seen": number > 1,
            "predictions": sha256_of(kept),
        }  # fmt: skip
        append(folder, ledger, OPENED, name, data)
    return read_ledger(folder).standing(name).openings[-1]


def take_rows_out(folder: Path, name: str, to: Path) -> Standing:
    """Copy the sealed rows, with their answers, to a file. Whatever is claimed about the set afterwards is seen."""
    with locked_vault(folder):
        ledger, standing = _ready(folder, name, again=True)
        if to.exists():
            raise UsageError("There is such a file already.", str(to), "Name one that does not exist.")
        content = (folder / name / SEALED_FILE).read_bytes()
        append(folder, ledger, LOOKED, name, {"seen": bool(standing.openings)})
        write_whole(to.absolute(), content)
    return read_ledger(folder).standing(name)


def overlap(folder: Path, name: str, frame: pd.DataFrame) -> int:
    """How many sealed rows lie in ``frame``, by all columns that both have, target included.

    Rows that the data held twice count, too: compare with ``standing(name).sealed.repeats``. Raises VaultError when
    the sealed file is missing, and UsageError when there is no such set or no common column.
    """
    import io

    import pandas as pd

    standing = read_ledger(folder).standing(name)
    path = folder / name / SEALED_FILE
    try:
        rows = read_rows(path)
    except UsageError as error:
        raise VaultError(error.what, str(path)) from None
    sealed = pd.read_csv(io.BytesIO(rows.only(range(len(rows)))), sep=rows.delimiter, encoding=rows.encoding)
    common = [column for column in sealed.columns if column in frame.columns]
    if len(common) < 2:
        raise UsageError(f"The data and the set “{standing.name}” have no columns in common.", str(path))
    here = Counter(_marks(frame[common].head(_MOST_COMPARED)))
    return sum(here[mark] > 0 for mark in _marks(sealed[common]))


def _marks(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Each row as values that compare equal whichever dtype a column was read as."""

    def plain(value: Any) -> Any:
        if value is None or value != value:
            return None
        try:
            return round(float(value), 9)
        except (TypeError, ValueError):
            return str(value).strip()

    return [tuple(map(plain, row)) for row in frame.itertuples(index=False, name=None)]


def _ready(folder: Path, name: str, again: bool) -> tuple[Ledger, Standing]:
    ledger = read_ledger(folder)
    standing = ledger.standing(name)
    wrong = [problem for problem in standing.problems if problem.is_tampering]
    if wrong:
        raise VaultError(
            wrong[0].words, str(folder / name), "It cannot be scored against. Put back what was changed, as it was."
        )
    if standing.openings and not again:
        first = standing.openings[0]
        found = f"the score was {first.score:.4g}" if first.score is not None else "its rows were taken out"
        raise UsageError(
            f"“{name}” was opened on {first.at[:10]}: {found}.", str(folder / name),
            "You may look again with --again; every later claim on this set is then marked as seen.",
        )  # fmt: skip
    return ledger, standing
