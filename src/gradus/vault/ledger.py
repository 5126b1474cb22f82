"""The ledger: JSON lines, only ever appended, each holding the hash of the one before it.

A line reads ``{"n": 1, "at": …, "kind": …, "set": …, …, "previous": HASH, "hash": HASH}``; ``hash`` is the SHA-256 of
the line's canonical JSON without it. ``head.json`` beside it remembers how many lines there are and the last hash, so
that lines cut off the end are noticed, too. A line counts once it and its line end are on the disk (fsync).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from gradus.errors import GradusError, UsageError
from gradus.vault.rows import sha256_of, sync_folder, write_whole
from gradus.vault.scoring import Task

FOLDER, LEDGER, HEAD, LOCK = "vault", "ledger.jsonl", "head.json", ".lock"
SEALED_FILE, QUESTIONS_FILE, SAMPLE_FILE = "sealed.csv", "questions.csv", "sample_predictions.csv"
SEALED, OPENED, LOOKED = "sealed", "opened", "looked"
_FIRST = "0" * 64
_MOST_BYTES = 64 * 1024 * 1024

State = Literal["sealed", "opened", "seen"]
ProblemKind = Literal[
    "ledger_missing", "ledger_edited", "ledger_cut", "ledger_unfinished", "head_missing",
    "sealed_edited", "sealed_missing", "rest_unfinished",
]  # fmt: skip


class VaultError(GradusError):
    """What lies in the vault is not what the ledger says."""


@dataclass(frozen=True)
class Problem:
    """Something that does not agree. ``set`` names the sealed set, or is empty for the ledger as a whole."""

    kind: ProblemKind
    words: str
    set: str = ""

    @property
    def is_tampering(self) -> bool:
        """False for what a crash leaves behind, which is mended by going on."""
        return self.kind not in ("ledger_unfinished", "rest_unfinished")

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "set": self.set, "words": self.words, "tampering": self.is_tampering}


@dataclass(frozen=True)
class Sealed:
    """What was committed when a set was sealed, before any work on the rest."""

    name: str
    at: str
    source: str
    rows: int
    rest: int
    target: str
    task: Task
    how: str
    groups: str
    time: str
    digest: str
    """SHA-256 of the file with the sealed rows."""
    whole: str
    """SHA-256 of the file they were taken from, as it was before."""
    repeats: int
    """Sealed rows whose features also lie in the rest, because the data held them twice."""


@dataclass(frozen=True)
class Opening:
    """One look at a sealed set. ``seen`` is false for the first alone; ``score`` is None where rows were taken out."""

    n: int
    at: str
    score: float | None
    low: float | None
    high: float | None
    metric: str
    predictions: str
    seen: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at, "score": self.score, "low": self.low, "high": self.high, "metric": self.metric,
            "predictions": self.predictions, "seen": self.seen,
        }  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How one set stands: ``sealed`` (never opened), ``opened`` (once), or ``seen`` (looked at again)."""

    sealed: Sealed
    openings: tuple[Opening, ...]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.sealed.name

    @property
    def state(self) -> State:
        if not self.openings:
            return "sealed"
        return "opened" if len(self.openings) == 1 and self.openings[0].score is not None else "seen"

    @property
    def clean(self) -> Opening | None:
        """The one opening whose score counts as unseen: the first, if it was one and nothing was tampered with."""
        first = self.openings[0] if self.openings else None
        return first if first and first.score is not None and not self.tampered else None

    @property
    def tampered(self) -> bool:
        """Whether the set or the ledger is not what it was."""
        return any(problem.is_tampering for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        sealed = self.sealed
        return {
            "set": sealed.name, "state": self.state, "tampered": self.tampered, "sealed_at": sealed.at,
            "source": sealed.source, "rows": sealed.rows, "rest": sealed.rest, "target": sealed.target,
            "how": sealed.how, "groups": sealed.groups, "time": sealed.time, "digest": sealed.digest,
            "task": sealed.task.to_json(), "openings": [opening.to_json() for opening in self.openings],
            "problems": [problem.to_json() for problem in self.problems],
        }  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """The ledger as it was read, with whatever does not agree in ``problems``."""

    folder: Path
    entries: tuple[Mapping[str, Any], ...]
    problems: tuple[Problem, ...]

    @property
    def head(self) -> str:
        """The last line's hash: whoever knows it can tell whether anything before it was changed."""
        return str(self.entries[-1]["hash"]) if self.entries else _FIRST

    @property
    def tampered(self) -> bool:
        return any(problem.is_tampering for problem in self.problems)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The sealed sets, in the order they were sealed."""
        return tuple(entry["set"] for entry in self.entries if entry["kind"] == SEALED)

    def standing(self, name: str) -> Standing:
        """How the set stands, with the problems that concern it. Raises UsageError when there is none of that name."""
        if name not in self.names:
            known = f"There are {', '.join(self.names)}." if self.names else "Seal one with `gradus vault seal`."
            raise UsageError(f"The vault holds no set “{name}”.", str(self.folder), known)
        own = [entry for entry in self.entries if entry["set"] == name]
        sealed = next(_sealed(entry) for entry in own if entry["kind"] == SEALED)
        looks = [entry for entry in own if entry["kind"] in (OPENED, LOOKED)]
        openings = tuple(_opening(entry, place > 0) for place, entry in enumerate(looks))
        return Standing(sealed, openings, tuple(item for item in self.problems if item.set in ("", name)))


def vault_folder(root: Path) -> Path:
    """Where the vault of a workspace, or of any folder, lies."""
    return root / FOLDER


def read_ledger(folder: Path, files: bool = True) -> Ledger:
    """Read the vault at ``folder``; with ``files``, hash the sealed files, too.

    Tampering raises nothing: it stands in ``problems``. A folder without a vault gives a ledger without entries. Raises
    VaultError only where the ledger cannot be read at all.
    """
    try:
        entries, problems = _chain(folder)
    except OSError as error:
        raise VaultError(f"The ledger cannot be read: {error.strerror}.", str(folder / LEDGER)) from None
    ledger = Ledger(folder, tuple(entries), tuple(problems))
    if not files:
        return ledger
    found = [problem for name in ledger.names for problem in _file_problems(ledger.standing(name).sealed, folder)]
    return Ledger(folder, ledger.entries, (*problems, *found))


@contextmanager
def locked_vault(folder: Path) -> Iterator[None]:
    """Hold the vault alone; freed by the system if the process dies."""
    from gradus.learner.locking import locked

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK, alone=True):
            yield
    except OSError as error:
        raise VaultError(
            f"The vault cannot be written: {error.strerror or error}.", str(folder), "Nothing was changed."
        ) from error


def append(folder: Path, ledger: Ledger, kind: str, name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Write one more line; it is on the disk when this returns. The caller holds the lock and read ``ledger`` under it.

    Raises VaultError when the ledger was tampered with, as a line after a broken one would bless it.
    """
    chain = [problem for problem in ledger.problems if not problem.set and problem.is_tampering]
    if chain:
        raise VaultError(chain[0].words, str(folder / LEDGER), "Nothing was written. Put back the ledger as it was.")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"n": len(ledger.entries) + 1, "at": at, "kind": kind, "set": name, **data, "previous": ledger.head}
    entry["hash"] = _hash(entry)
    line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    path = folder / LEDGER
    is_new = not path.exists()
    if is_new:  # so that a head that is missing always means that it was taken away
        _write_head(folder, 0, _FIRST)
    with path.open("ab") as stream:
        if any(problem.kind == "ledger_unfinished" for problem in ledger.problems):
            stream.truncate(_finished(path.read_bytes()))
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync_folder(folder)
    _write_head(folder, entry["n"], entry["hash"])
    return entry


def _hash(entry: Mapping[str, Any]) -> str:
    body = {key: value for key, value in entry.items() if key != "hash"}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _finished(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _chain(folder: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The lines up to the first that does not fit, and what does not."""
    path = folder / LEDGER
    head = _read_head(folder)
    problems: list[Problem] = []
    if not path.exists():
        if head is not None and head[0] > 0:
            problems.append(Problem("ledger_missing", "The ledger was taken away: ledger.jsonl is not there."))
        return [], problems
    if path.stat().st_size > _MOST_BYTES:
        return [], [Problem("ledger_edited", "The ledger is far larger than anything the vault writes.")]
    content = path.read_bytes()
    whole, rest = content[: _finished(content)], content[_finished(content) :]
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(whole.split(b"\n")[:-1], 1):
        wrong = _wrong(line, number, entries)
        if isinstance(wrong, str):
            return entries, [*problems, Problem("ledger_edited", wrong)]
        entries.append(wrong)
    if rest:
        words = "The last line of the ledger was not finished, as after a power cut; it counts as never written."
        problems.append(Problem("ledger_unfinished", words))
    if head is None:
        problems.append(Problem("head_missing", "head.json is missing or changed: it said how long the ledger was."))
    elif len(entries) < head[0]:
        cut = head[0] - len(entries)
        lines = "line was" if cut == 1 else "lines were"
        problems.append(Problem("ledger_cut", f"{cut} {lines} cut off the end of the ledger."))
    elif head[0] and entries[head[0] - 1]["hash"] != head[1]:
        problems.append(Problem("ledger_edited", f"The ledger was written anew: its line {head[0]} is another one."))
    return entries, problems


def _wrong(line: bytes, number: int, entries: list[dict[str, Any]]) -> dict[str, Any] | str:
    """The entry on a line, or what is wrong with it."""
    try:
        entry = json.loads(line)
        fits = isinstance(entry, dict) and {"n", "at", "kind", "set", "previous", "hash"} <= entry.keys()
    except (ValueError, RecursionError):
        fits = False
    if not fits:
        return f"Line {number} of the ledger was edited: it is not an entry any more."
    if _hash(entry) != entry["hash"] or json.dumps(entry, ensure_ascii=False).encode() != line:
        return f"Line {number} of the ledger was edited: its text does not fit its hash."
    previous = entries[-1]["hash"] if entries else _FIRST
    if entry["previous"] != previous or entry["n"] != number:
        return f"Something was put in, taken out or moved before line {number} of the ledger."
    return dict(entry)


def _read_head(folder: Path) -> tuple[int, str] | None:
    try:
        head = json.loads((folder / HEAD).read_bytes())
        return int(head["entries"]), str(head["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_head(folder: Path, entries: int, last: str) -> None:
    write_whole(folder / HEAD, json.dumps({"entries": entries, "hash": last}).encode() + b"\n")


def _file_problems(sealed: Sealed, folder: Path) -> Iterator[Problem]:
    path = folder / sealed.name / SEALED_FILE
    try:
        same = sha256_of(path) == sealed.digest
    except OSError:
        yield Problem("sealed_missing", f"The sealed file of “{sealed.name}” is not there any more.", sealed.name)
    else:
        if not same:
            words = f"The sealed file of “{sealed.name}” was changed after it was sealed on {sealed.at[:10]}."
            yield Problem("sealed_edited", words, sealed.name)
    try:
        source = Path(sealed.source)
        source = source if source.is_absolute() else folder.parent / source
        whole = source.stat().st_size < _MOST_BYTES * 4 and sha256_of(source) == sealed.whole
    except OSError:
        return
    if whole:
        words = (
            f"{sealed.source} still holds the rows that were sealed as “{sealed.name}”. Seal it again to take them out."
        )
        yield Problem("rest_unfinished", words, sealed.name)


def _sealed(entry: Mapping[str, Any]) -> Sealed:
    return Sealed(
        name=entry["set"], at=entry["at"], source=entry["source"], rows=entry["rows"], rest=entry["rest"],
        target=entry["target"], task=Task.from_json(entry["task"]), how=entry["how"], groups=entry["groups"],
        time=entry["time"], digest=entry["digest"], whole=entry["whole"], repeats=entry["repeats"],
    )  # fmt: skip


def _opening(entry: Mapping[str, Any], seen: bool) -> Opening:
    return Opening(
        n=entry["n"], at=entry["at"], score=entry.get("score"), low=entry.get("low"), high=entry.get("high"),
        metric=entry.get("metric", ""), predictions=entry.get("predictions", ""), seen=seen,
    )  # fmt: skip
