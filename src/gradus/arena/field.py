"""Computing the field of a competition: once, entry by entry, into a cache that a stopped run goes on from."""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.arena.models import ID, Array, Drawn

if TYPE_CHECKING:
    from gradus.arena.pipelines import Entry, Setting

#: Called after each entry with how many are done and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scored:
    """One entry of the field with its scores; both are NaN where it could not be fitted."""

    name: str
    family: str
    about: str
    public: float
    private: float
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "family": self.family, "about": self.about, "public": _number(self.public),
            "private": _number(self.private), "seconds": self.seconds,
        }  # fmt: skip


def field_key(drawn: Drawn) -> str:
    """The hash of everything that the field's scores depend on: data, task, pipelines, scikit-learn."""
    from importlib.metadata import version

    marks = hashlib.sha256(f"{version('scikit-learn')} {json.dumps(drawn.task.to_json())}".encode())
    for module in ("pipelines.py", "ensembles.py", "field.py"):
        marks.update(Path(__file__).with_name(module).read_bytes())
    for frame in (drawn.train, drawn.test):
        marks.update(frame.to_csv(index=False).encode())
    marks.update("\n".join(drawn.answers).encode())
    marks.update(np.packbits(drawn.public).tobytes())
    return marks.hexdigest()[:32]


def cached_field(drawn: Drawn, cache: Path | None = None) -> tuple[list[Scored], int]:
    """What is computed already, and how many entries there are in all."""
    from gradus.arena.pipelines import entries

    known = _read(_path(drawn, cache))
    listed = entries()
    return [known[entry.name] for entry in listed if entry.name in known], len(listed)


def compute_field(
    drawn: Drawn,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
) -> list[Scored]:
    """The field's scores on a drawing, in the order of the pipelines.

    Each entry is on the disk when it is done, so that a run which is stopped (``stopped()`` is asked between entries,
    and Ctrl-C may come at any time) goes on where it was. Two runs at once do the work once. One core is used.
    """
    from threadpoolctl import threadpool_limits

    from gradus.arena.pipelines import entries
    from gradus.learner.locking import locked

    path = _path(drawn, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = set(only) if only is not None else None
    listed = [entry for entry in entries() if wanted is None or entry.name in wanted]
    with locked(path.with_suffix(".lock"), alone=True), threadpool_limits(1):
        known = _read(path)
        for place, entry in enumerate(listed):
            if entry.name not in known:
                if stopped is not None and stopped():
                    break
                known[entry.name] = score_entry(entry, drawn)
                _append(path, known[entry.name])
            if progress is not None:
                progress(place + 1, len(listed))
    return [known[entry.name] for entry in listed if entry.name in known]


def score_entry(entry: Entry, drawn: Drawn) -> Scored:
    """Fit one entry and score it on the public and the private rows."""
    begun = time.perf_counter()
    try:
        answers = predict(entry, drawn)
        truth = drawn.task.truth(drawn.answers)
        public, private = (drawn.task.score(truth[part], answers[part]) for part in (drawn.public, ~drawn.public))
    except (ValueError, TypeError, ArithmeticError, np.linalg.LinAlgError):
        public = private = float("nan")
    return Scored(entry.name, entry.family, entry.about, public, private, round(time.perf_counter() - begun, 3))


def predict(entry: Entry, drawn: Drawn) -> Array:
    """The entry's answers (m,) for the test rows."""
    from gradus.arena.pipelines import Setting, changed_columns

    train, test = drawn.train.drop(columns=drawn.target), drawn.test
    if not entry.with_id:
        train, test = train.drop(columns=ID), test.drop(columns=ID)
    if entry.careful:
        gone = changed_columns(train, test)
        if len(gone) < train.shape[1]:
            train, test = train.drop(columns=gone), test.drop(columns=gone)
    numeric = tuple(name for name in train.columns if train[name].dtype.kind in "ifub")
    words = tuple(name for name in train.columns if name not in numeric)
    y = drawn.task.truth(drawn.train[drawn.target].astype(str).tolist())
    setting = Setting(drawn.task.measure.wants == "number", numeric, words, len(train), len(np.unique(y)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = entry.build(setting).fit(train, y)
        return _answers(model, test, drawn, setting)


def _answers(model: Any, test: Any, drawn: Drawn, setting: Setting) -> Array:
    if drawn.task.measure.wants != "chance":
        return np.asarray(model.predict(test))
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(test)[:, 1])
    return np.asarray(1 / (1 + np.exp(-np.clip(model.decision_function(test), -30, 30))))


def cache_folder() -> Path:
    """Where fields are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gradus" / "arena"


def _path(drawn: Drawn, cache: Path | None) -> Path:
    return (cache or cache_folder()) / f"field-{field_key(drawn)}.jsonl"


def _append(path: Path, scored: Scored) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(scored.to_json()) + "\n")


def _read(path: Path) -> dict[str, Scored]:
    """What the cache holds; a line that a crash cut off is left out."""
    found: dict[str, Scored] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return found
    for line in lines:
        try:
            data = json.loads(line)
            nan = float("nan")
            found[data["name"]] = Scored(
                data["name"], data["family"], data["about"], nan if data["public"] is None else float(data["public"]),
                nan if data["private"] is None else float(data["private"]), float(data["seconds"]),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _number(value: float) -> float | None:
    return None if value != value else value
