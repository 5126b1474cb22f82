"""One competition as it is being played in a workspace: laid out, submitted to, finished.

What the learner works with lies in ``arena/NAME/``; what the board is made of lies in ``.gradus/arena/NAME/``, written
whole before anything is laid out. Submissions are lines that are only appended.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from gradus.arena import writeup
from gradus.arena.models import ID, Array, Contest, Drawn, Options
from gradus.arena.shelf import contest
from gradus.errors import StoreError, UsageError
from gradus.learner.locking import locked
from gradus.vault import Task, read_answers
from gradus.vault.rows import write_whole

META, SUBMISSIONS, FINISHED = "competition.json", "submissions.jsonl", "finished.json"
FEWEST_ROWS, MOST_ROWS = 120, 5000
CHOICES = 2
"""How many submissions count in the end."""


@dataclass(frozen=True)
class Submission:
    """One submission. ``private`` is kept from the screen until the competition is finished."""

    n: int
    at: str
    day: str
    note: str
    digest: str
    public: float
    private: float

    def to_json(self, finished: bool = False) -> dict[str, Any]:
        data = asdict(self)
        return data if finished else {key: value for key, value in data.items() if key != "private"}


@dataclass(frozen=True)
class Play:
    """A competition in a workspace."""

    name: str
    root: Path
    meta: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """What the learner works with."""
        return self.root / "arena" / self.name

    @property
    def private(self) -> Path:
        """What the board is made of."""
        return _private(self.root, self.name)

    @property
    def contest(self) -> Contest:
        return contest(self.meta["contest"])

    @property
    def options(self) -> Options:
        return Options(**self.meta["options"])

    @cached_property
    def drawn(self) -> Drawn:
        """The files as they were drawn, whatever happened to the learner's copies. Raises StoreError."""
        import pandas as pd

        anew = f"Play it anew: gradus arena start {self.meta['contest']} --again"
        try:
            train, test = (pd.read_csv(self.private / f"{name}.csv") for name in ("train", "test"))
            content = (self.private / "answers.csv").read_bytes()
            hidden = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"The competition “{self.name}” was damaged: {error}.", str(self.private), anew) from None
        if hashlib.sha256(content).hexdigest() != self.meta["answers"]:
            raise StoreError(
                f"The answers of “{self.name}” were changed since they were drawn: its scores mean nothing any more.",
                str(self.private / "answers.csv"), anew,
            )  # fmt: skip
        best = hidden["best"].to_numpy()
        task = Task.from_json(self.meta["task"])
        return Drawn(
            train, test, tuple(hidden["answer"]), (hidden["public"] == "1").to_numpy(), task, self.meta["target"],
            best.astype(float) if best[0] else None, tuple(self.meta["told"]),
        )  # fmt: skip

    def submissions(self) -> tuple[Submission, ...]:
        """Everything that was submitted, in order."""
        try:
            lines = (self.private / SUBMISSIONS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        found = []
        for line in lines:
            try:
                found.append(Submission(**json.loads(line)))
            except (ValueError, TypeError):
                continue  # a line that a power cut left unfinished was never shown to anybody
        return tuple(found)

    def finished(self) -> Mapping[str, Any] | None:
        """What was chosen in the end and when, or None while it is open."""
        try:
            data: dict[str, Any] = json.loads((self.private / FINISHED).read_bytes())
            return data
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise StoreError(f"The record of the finish is damaged: {error}.", str(self.private / FINISHED)) from None

    def left_today(self, today: date | None = None) -> int:
        """How many submissions are left today."""
        day = _day(self.submissions(), today)
        return max(0, self.contest.daily - sum(each.day == day for each in self.submissions()))


def plays(root: Path) -> tuple[Play, ...]:
    """Every competition of a workspace, by name; those on other people's servers are left out."""
    base = root / ".gradus" / "arena"
    found = sorted(path.parent for path in base.glob(f"*/{META}")) if base.is_dir() else []
    every = [Play(folder.name, root, _meta(folder)) for folder in found]
    return tuple(play for play in every if play.meta.get("kind", "local") == "local")


def find_play(root: Path, name: str) -> Play:
    """The competition called ``name``. Raises UsageError when it was not started."""
    folder = _private(root, name)
    if not (folder / META).is_file():
        running = ", ".join(play.name for play in plays(root))
        step = f"You play {running}." if running else f"gradus arena start {name}"
        raise UsageError(f"You do not play “{name}”.", next_step=step)
    return Play(name, root, _meta(folder))


def start(
    root: Path, name: str, options: Options | None = None, seed: int | None = None, again: bool = False
) -> tuple[Play, bool]:
    """Lay a competition out in a workspace; also whether it is new. One that is being played is completed, not redrawn.

    ``again`` draws new files under another name. Raises UsageError.
    """
    chosen, options = contest(name), options or Options()
    _require_options(chosen, options)
    own = name
    if (_private(root, name) / META).is_file():
        play = find_play(root, name)
        if not again:
            if options != Options() and options != play.options:
                raise UsageError(
                    f"You play “{name}” already, with other options.", str(play.folder), "--again draws it anew."
                )
            _lay_out(play)
            return play, False
        own = next(f"{name}-{n}" for n in range(2, 10_000) if not (_private(root, f"{name}-{n}") / META).is_file())
    seed = secrets.randbits(31) if seed is None else seed
    play = Play(own, root, _store(root, own, chosen, options, seed, chosen.draw(seed, options)))
    _lay_out(play)
    return play, True


def submit(play: Play, path: Path, note: str = "", today: date | None = None) -> Submission:
    """Score a file with the columns ``id`` and the target. What does not fit raises UsageError and uses nothing up."""
    with locked(play.private / ".lock", alone=True):
        if play.finished() is not None:
            raise UsageError(
                f"“{play.name}” is finished.", str(play.folder), f"gradus arena start {play.contest.id} --again"
            )
        before = play.submissions()
        if not play.left_today(today):
            raise UsageError(
                f"Today's {play.contest.daily} submissions are used up.", str(play.folder),
                "Validate on the train file, and come back tomorrow with your best idea.",
            )  # fmt: skip
        drawn = play.drawn
        ids = [str(name) for name in drawn.test[ID]]
        answers = read_answers(path, ids, ID, play.meta["target"], drawn.task)
        content = path.read_bytes()
        made = _scored(len(before) + 1, drawn, answers, note, content, _day(before, today))
        write_whole(play.private / f"submission-{made.n}.csv", content)
        with (play.private / SUBMISSIONS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    return made


def finish(play: Play, chosen: Sequence[int] = ()) -> Mapping[str, Any]:
    """End a competition: the write-up is kept, the private scores come out. The two best public ones count by default.

    Raises UsageError when nothing was submitted, the write-up is not written, or ``chosen`` are not submissions.
    """
    with locked(play.private / ".lock", alone=True):
        done = play.finished()
        if done is not None:
            return done
        made = {each.n: each for each in play.submissions()}
        if not made:
            raise UsageError("Nothing was submitted yet.", str(play.folder), f"gradus arena submit {play.name} FILE")
        unknown = [n for n in chosen if n not in made]
        if unknown:
            raise UsageError(
                f"There is no submission {unknown[0]}.", str(play.folder), f"They are numbered 1 to {len(made)}."
            )
        if len(set(chosen)) > CHOICES:
            raise UsageError(f"At most {CHOICES} submissions can count.", str(play.folder), "Choose your best.")
        text = writeup.read_writeup(play.folder / writeup.FILE)
        measure = play.drawn.task.measure
        ranked = sorted(made.values(), key=lambda each: -measure.gain(each.public))
        counted = list(dict.fromkeys(chosen)) or [each.n for each in ranked[:CHOICES]]
        at = datetime.now(UTC).isoformat(timespec="seconds")
        done = {"at": at, "chosen": counted, "writeup": hashlib.sha256(text.encode()).hexdigest()}
        write_whole(play.private / writeup.FILE, text.encode())
        write_whole(play.private / FINISHED, json.dumps(done).encode() + b"\n")
    return done


def _require_options(chosen: Contest, options: Options) -> None:
    if chosen.kind == "real" and options != Options():
        raise UsageError(
            f"“{chosen.id}” is real data; options are for simulated worlds.", next_step="gradus arena list"
        )
    if not FEWEST_ROWS <= options.rows <= MOST_ROWS:
        raise UsageError(
            f"A world of {options.rows:,} rows cannot be drawn.", "", f"Choose {FEWEST_ROWS} to {MOST_ROWS:,}."
        )


def _scored(n: int, drawn: Drawn, answers: Array, note: str, content: bytes, day: str) -> Submission:
    truth = drawn.task.truth(drawn.answers)
    public, private = (drawn.task.score(truth[part], answers[part]) for part in (drawn.public, ~drawn.public))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Submission(n, at, day, note[:200], hashlib.sha256(content).hexdigest(), public, private)


def _day(made: Sequence[Submission], today: date | None) -> str:
    """Today; never before the day of the last submission, so that turning the clock back gives nothing."""
    now = (today or datetime.now(UTC).date()).isoformat()
    return max([now, *(each.day for each in made[-1:])])


def _private(root: Path, name: str) -> Path:
    if not name or "/" in name or "\\" in name or name.startswith("."):
        raise UsageError(f"“{name}” cannot be a competition's name.", next_step="`gradus arena list` lists them.")
    return root / ".gradus" / "arena" / name


def _meta(folder: Path) -> Mapping[str, Any]:
    try:
        data: dict[str, Any] = json.loads((folder / META).read_bytes())
        return data
    except (OSError, ValueError) as error:
        raise StoreError(f"The competition “{folder.name}” cannot be read: {error}.", str(folder / META)) from None


def _store(root: Path, own: str, chosen: Contest, options: Options, seed: int, drawn: Drawn) -> dict[str, Any]:
    """Write everything the board is made of; the description comes last and makes it count."""
    folder = _private(root, own)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("train", drawn.train), ("test", drawn.test)):
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([ID, "answer", "public", "best"])
    best = [""] * len(drawn.answers) if drawn.best is None else [repr(float(value)) for value in drawn.best]
    rows = zip(drawn.test[ID].tolist(), drawn.answers, drawn.public.astype(int).tolist(), best, strict=True)
    writer.writerows(rows)
    write_whole(folder / "answers.csv", out.getvalue().encode(), 0o600)
    meta = {
        "kind": "local", "contest": chosen.id, "seed": seed, "options": asdict(options), "target": drawn.target,
        "task": drawn.task.to_json(), "told": list(drawn.told),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "answers": hashlib.sha256(out.getvalue().encode()).hexdigest(),
    }  # fmt: skip
    write_whole(folder / META, json.dumps(meta, indent=2, ensure_ascii=False).encode() + b"\n")
    return meta


def _lay_out(play: Play) -> None:
    """Put what is missing into the learner's folder; nothing that is there is touched."""
    drawn = play.drawn
    play.folder.mkdir(parents=True, exist_ok=True)
    sample = drawn.test[[ID]].assign(**{play.meta["target"]: _guess(drawn)})
    files = {
        "train.csv": (play.private / "train.csv").read_bytes(),
        "test.csv": (play.private / "test.csv").read_bytes(),
        "sample_submission.csv": sample.to_csv(index=False, lineterminator="\n").encode(),
        "about.md": _about(play).encode(),
        writeup.FILE: writeup.template(play.contest.title).encode(),
    }
    for name, content in files.items():
        if not (play.folder / name).exists():
            write_whole(play.folder / name, content)


def _guess(drawn: Drawn) -> Any:
    wants = drawn.task.measure.wants
    given = drawn.train[drawn.target]
    if wants == "class":
        return given.mode()[0]
    if wants == "number":
        return round(float(given.astype(float).mean()), 3)
    return round(float(np.mean(given.astype(str) == drawn.task.positive)), 3)


def _about(play: Play) -> str:
    chosen, drawn, task = play.contest, play.drawn, play.drawn.task
    lines = [
        f"# {chosen.title}", "", chosen.story, "",
        f"- `train.csv`: {len(drawn.train):,} rows with the answer in `{drawn.target}`.",
        f"- `test.csv`: {len(drawn.test):,} rows without it. Predict {task.words()}.",
        "- `sample_submission.csv`: what a submission looks like, one line for each `id`.",
        f"- Scored by {task.measure.title} ({task.measure.better}). The public board is scored on",
        f"  {drawn.public.sum():,} of the test rows, the private board on the other {(~drawn.public).sum():,}; it",
        "  opens when you finish.",
        f"- At most {chosen.daily} submissions a day. To finish, fill in `writeup.md`.",
    ]  # fmt: skip
    chosen_options = play.options.chosen
    if chosen_options:
        lines += [f"- Options: {', '.join(chosen_options)}. What exactly they did is told at the end."]
    lines += [
        f"- Source: {chosen.source}",
        f"- Seed: {play.meta['seed']}. With the same seed anybody gets the same files.",
    ]
    lines += ["", "```", f"gradus arena submit {play.name} submission.csv", f"gradus arena board {play.name}",
              f"gradus arena finish {play.name}", "```", ""]  # fmt: skip
    return "\n".join(lines)
