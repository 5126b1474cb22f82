"""Sealing: some rows are taken out of a file before any work and committed to, the rest stays for cross-validation."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import secrets
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradus.errors import UsageError
from gradus.vault.ledger import (
    QUESTIONS_FILE,
    SAMPLE_FILE,
    SEALED,
    SEALED_FILE,
    Ledger,
    Standing,
    append,
    locked_vault,
    read_ledger,
)
from gradus.vault.rows import Rows, fingerprint, read_rows, require_column, sync_folder, write_whole
from gradus.vault.scoring import Array, Task, is_missing, label, make_task

FEWEST_ROWS, FEWEST_SEALED = 40, 10
ROW, PREDICTION = "row", "prediction"


@dataclass(frozen=True)
class Request:
    """What to seal, and how. ``groups`` keeps rows with one value together; ``time`` seals the latest rows."""

    data: Path
    target: str
    name: str = ""
    share: float = 0.2
    metric: str | None = None
    positive: str | None = None
    groups: str | None = None
    time: str | None = None
    seed: int | None = None


@dataclass(frozen=True)
class SealedNow:
    """A set that was sealed. ``notes`` are sentences to show."""

    standing: Standing
    folder: Path
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.standing.to_json(), "folder": str(self.folder), "notes": list(self.notes)}


def seal(folder: Path, request: Request) -> SealedNow:
    """Seal some rows of a CSV into the vault at ``folder``.

    The rows go to ``folder/NAME/sealed.csv``, their features without answers to ``questions.csv``, the commitment to
    the ledger; then the CSV is replaced by the rest of itself. Nothing is changed before all of it was found right,
    and after a crash the same call finishes the work. Raises UsageError for bad input, VaultError for a tampered vault.
    """
    path = request.data.absolute()
    name = request.name or re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "data"
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,59}", name):
        raise UsageError(f"“{name}” cannot be a set's name.", "", "Use letters, digits, - and _.")
    if not 0.05 <= request.share <= 0.5:
        raise UsageError(f"A share of {request.share:g} cannot be sealed.", "", "Choose one between 0.05 and 0.5.")
    if request.groups and request.time:
        raise UsageError("Rows are sealed by groups or by time, not by both.", "", "Name the one that leaks more.")
    rows = read_rows(path)
    with locked_vault(folder):
        ledger = read_ledger(folder)
        done = _finished_earlier(ledger, rows, path)
        if done is not None:
            return done
        _require_fresh(ledger, rows, name, path)
        task = _task(rows, request, path)
        seed = secrets.randbits(32) if request.seed is None else request.seed
        chosen = _choose(rows, request, task, np.random.default_rng(seed), path)
        return _seal(folder, ledger, rows, name, path, request, task, seed, chosen)


def _seal(
    folder: Path, ledger: Ledger, rows: Rows, name: str, path: Path, request: Request, task: Task, seed: int,
    chosen: list[int],
) -> SealedNow:  # fmt: skip
    kept = sorted(set(range(len(rows))) - set(chosen))
    own = folder / name
    _set_aside(own)
    sealed = rows.only(chosen)
    _lay(own, rows, chosen, request.target, sealed)
    repeats, twice = _repeats(rows, request.target, chosen, kept)
    how = "groups" if request.groups else "time" if request.time else "random"
    data = {
        "source": _told(path, folder), "rows": len(chosen), "rest": len(kept), "target": request.target,
        "task": task.to_json(), "how": how, "groups": request.groups or "", "time": request.time or "",
        "digest": hashlib.sha256(sealed).hexdigest(), "whole": rows.digest, "repeats": repeats, "seed": seed,
        "seed_chosen": request.seed is not None,
    }  # fmt: skip
    append(folder, ledger, SEALED, name, data)
    write_whole(path, rows.only(kept), path.stat().st_mode & 0o777)
    notes = (twice,) if twice else ()
    return SealedNow(read_ledger(folder).standing(name), own, notes)


def _lay(own: Path, rows: Rows, chosen: Sequence[int], target: str, sealed: bytes) -> None:
    """The set's folder: sealed rows, questions and a sample of what predictions look like."""
    own.mkdir(parents=True)
    place = rows.header.index(target)
    questions, sample = io.StringIO(), io.StringIO()
    asks, answers = csv.writer(questions, lineterminator="\n"), csv.writer(sample, lineterminator="\n")
    asks.writerow([ROW, *rows.header[:place], *rows.header[place + 1 :]])
    answers.writerow([ROW, PREDICTION])
    for number, row in enumerate(chosen):
        cells = rows.cells[row]
        asks.writerow([number, *cells[:place], *cells[place + 1 :]])
        answers.writerow([number, ""])
    write_whole(own / QUESTIONS_FILE, questions.getvalue().encode())
    write_whole(own / SAMPLE_FILE, sample.getvalue().encode())
    write_whole(own / SEALED_FILE, sealed, 0o400)
    sync_folder(own.parent)


def _set_aside(own: Path) -> None:
    """A folder that no ledger line speaks of is left from a crash; it is moved, never deleted."""
    if not own.exists():
        return
    for number in range(1, 1000):
        aside = own.with_name(f"{own.name}.unfinished-{number}")
        if not aside.exists():
            own.rename(aside)
            return


def _told(path: Path, folder: Path) -> str:
    root = folder.parent.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _finished_earlier(ledger: Ledger, rows: Rows, path: Path) -> SealedNow | None:
    """The same file was sealed before: take its sealed rows out again, as after a crash, and draw no others."""
    for name in ledger.names:
        standing = ledger.standing(name)
        if standing.sealed.whole != rows.digest:
            continue
        stored = read_rows(ledger.folder / name / SEALED_FILE)
        left = Counter(stored.fingerprints())
        kept = []
        for place, mark in enumerate(rows.fingerprints()):
            if left[mark] > 0:
                left[mark] -= 1
            else:
                kept.append(place)
        write_whole(path, rows.only(kept), path.stat().st_mode & 0o777)
        note = f"This file was sealed on {standing.sealed.at[:10]} already; the same rows were taken out again."
        return SealedNow(read_ledger(ledger.folder).standing(name), ledger.folder / name, (note,))
    return None


def _require_fresh(ledger: Ledger, rows: Rows, name: str, path: Path) -> None:
    if name.lower() in {known.lower() for known in ledger.names}:
        raise UsageError(f"The vault has a set “{name}” already.", str(path), "Give this one another --name.")
    here = set(rows.fingerprints())
    for known in ledger.names:
        file = ledger.folder / known / SEALED_FILE
        if not file.exists():
            continue
        stored = read_rows(file)
        found = sum(mark in here for mark in map(fingerprint, stored.cells))
        if stored.header == rows.header and found > max(len(stored) // 2, 1):
            raise UsageError(
                f"{found:,} of the {len(stored):,} rows sealed as “{known}” lie in this file.", str(path),
                "Sealing them anew would draw another test set from rows that were committed to. Use the file that "
                "sealing left behind.",
            )  # fmt: skip


def _task(rows: Rows, request: Request, path: Path) -> Task:
    for column, meaning in ((request.target, "target"), (request.groups, "groups"), (request.time, "time")):
        if column is not None:
            require_column(rows, column, meaning, path)
    if request.target in (request.groups, request.time):
        raise UsageError(f"The target “{request.target}” cannot be groups or time as well.", str(path))
    if ROW in rows.header and rows.header.index(ROW) != rows.header.index(request.target):
        raise UsageError(f"A column is called “{ROW}”, which the vault needs.", str(path), "Rename it.")
    if len(rows.header) < 2:
        raise UsageError("Beside the target there is no column to predict it from.", str(path))
    if len(rows) < FEWEST_ROWS:
        raise UsageError(
            f"The file has {len(rows)} rows; at least {FEWEST_ROWS} are needed to seal some and learn from the rest.",
            str(path), "Choose a larger data set.",
        )  # fmt: skip
    return make_task(rows.column(request.target), request.target, request.metric, request.positive, str(path))


def _choose(rows: Rows, request: Request, task: Task, rng: np.random.Generator, path: Path) -> list[int]:
    """Places of the rows to seal, in their order. Raises UsageError when either part could not be used."""
    wanted = max(FEWEST_SEALED, round(request.share * len(rows)))
    if request.groups:
        chosen = _by_groups(rows.column(request.groups), request.groups, wanted, rng, path)
    elif request.time:
        chosen = _by_time(rows.column(request.time), request.time, wanted, path)
    else:
        chosen = _at_random(rows.column(request.target), task, wanted, rng)
    _require_both(rows.column(request.target), chosen, task, path)
    return sorted(int(place) for place in chosen)


def _at_random(target: Sequence[str], task: Task, wanted: int, rng: np.random.Generator) -> Array:
    if not task.classes:
        return rng.permutation(len(target))[:wanted]
    names = np.array([label(cell) for cell in target])
    parts = []
    for name in task.classes:
        own = rng.permutation(np.flatnonzero(names == name))
        parts.append(own[: min(len(own) - 1, max(1, round(wanted * len(own) / len(names))))])
    return np.concatenate(parts)


def _by_groups(cells: Sequence[str], name: str, wanted: int, rng: np.random.Generator, path: Path) -> Array:
    missing = sum(map(is_missing, cells))
    if missing:
        raise UsageError(
            f"The group “{name}” is missing in {missing:,} rows.", str(path), "Give each of them a group of its own."
        )
    values = np.array([label(cell) for cell in cells])
    groups = np.unique(values)
    if len(groups) < 5 or len(groups) == len(values):
        what = f"only {len(groups)} groups" if len(groups) < 5 else "another value in every row"
        raise UsageError(
            f"“{name}” has {what}, so it does not say what belongs together.", str(path), "Name another column."
        )
    sizes = Counter(values.tolist())
    taken: list[str] = []
    count = 0
    for group in rng.permutation(groups).tolist():
        if count + sizes[group] <= wanted * 1.25 or not taken:
            taken.append(group)
            count += sizes[group]
        if count >= wanted:
            break
    return np.flatnonzero(np.isin(values, taken))


def _by_time(cells: Sequence[str], name: str, wanted: int, path: Path) -> Array:
    import pandas as pd

    moments: Any
    try:
        moments = pd.to_numeric(pd.Series(cells)).to_numpy(dtype=float)
    except (ValueError, TypeError):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                moments = (
                    pd.to_datetime(pd.Series(cells), errors="raise", utc=True).astype("int64").to_numpy(dtype=float)
                )
        except (ValueError, TypeError, OverflowError):
            moments = np.array([np.nan])
    if not np.isfinite(moments).all() or len(moments) != len(cells) or any(map(is_missing, cells)):
        raise UsageError(
            f"“{name}” cannot be read as moments in order in every row.", str(path),
            "Write them like 2026-05-31 or as numbers, and leave none out.",
        )  # fmt: skip
    cutoff = np.sort(moments)[-wanted]
    chosen = np.flatnonzero(moments >= cutoff)
    if len(chosen) >= len(cells) / 2:
        raise UsageError(
            f"“{name}” has too few different moments to hold the latest rows out.", str(path), "Name a finer one."
        )
    return chosen


def _require_both(target: Sequence[str], chosen: Array, task: Task, path: Path) -> None:
    names = np.array([label(cell) for cell in target])
    inside = np.zeros(len(names), dtype=bool)
    inside[chosen] = True
    if inside.sum() < FEWEST_SEALED or (~inside).sum() < FEWEST_ROWS // 2:
        raise UsageError(
            f"That would seal {inside.sum()} rows and leave {(~inside).sum()}: too few to be of use.", str(path),
            "Choose another share, or another column.",
        )  # fmt: skip
    for part, words in ((inside, "sealed rows"), (~inside, "rest")):
        if len(set(names[part].tolist())) == 1:
            raise UsageError(
                f"The {words} would hold a single value of the target, {names[part][0]!r}.", str(path),
                "Choose another share, or another column for groups or time.",
            )  # fmt: skip


def _repeats(rows: Rows, target: str, chosen: Sequence[int], kept: Sequence[int]) -> tuple[int, str]:
    place = rows.header.index(target)
    bare = [fingerprint((*cells[:place], *cells[place + 1 :])) for cells in rows.cells]
    rest = {bare[row] for row in kept}
    repeats = sum(bare[row] in rest for row in chosen)
    if not repeats:
        return 0, ""
    many = "row has" if repeats == 1 else "rows have"
    return repeats, (
        f"{repeats:,} of the sealed {many} a twin with the same features in the rest. If they are the same person, "
        "machine or place, name the column that says so with --groups."
    )
