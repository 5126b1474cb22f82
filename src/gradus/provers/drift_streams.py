"""Streams for a monitor: rows of the project drawn anew, unchanged or with one feature shifted; and asking it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradus.provers.apart import Ended
from gradus.provers.declared import Row

Array = np.ndarray[Any, Any]
Runner = Callable[..., Ended]

#: Runs in the learner's process: reads a pair of row lists a line, answers a line each, and is silent otherwise.
DRIVER = """
import importlib, json, os, sys
replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
sys.path.insert(0, os.getcwd())
def say(**reply):
    replies.write(json.dumps(reply) + "\\n")
    replies.flush()
def said(error):
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text[:300]
module, _, name = sys.argv[1].partition(":")
try:
    monitor = getattr(importlib.import_module(module), name)
except BaseException as error:
    say(missing=said(error))
    sys.exit(0)
say(ready=True)
for line in sys.stdin:
    pair = json.loads(line)
    try:
        answer = monitor(pair["reference"], pair["current"])
    except SystemExit as error:
        say(exited=said(error))
    except BaseException as error:
        say(raised=said(error))
    else:
        if type(answer).__name__ in ("bool", "bool_"):
            say(answer=bool(answer))
        else:
            say(type=type(answer).__name__)
"""


@dataclass(frozen=True)
class Answers:
    """What the monitor said, stream by stream: True, False, or None where it gave no answer; ``trouble`` says why."""

    said: tuple[bool | None, ...]
    kind: str = ""
    trouble: str = ""

    @property
    def alarms(self) -> int:
        return sum(answer is True for answer in self.said)


class Streams:
    """Pairs of reference and current rows, each pair drawn anew from the same rows."""

    def __init__(self, rows: Sequence[Row], feature: str, rng: np.random.Generator) -> None:
        self.rows = list(rows)
        self.feature = feature
        self.rng = rng
        self.reference = min(len(self.rows), 1000)
        self._texts = [json.dumps(row) for row in self.rows]
        self.numeric = [name for name in self.rows[0] if self._numbers(name) is not None]

    def _numbers(self, name: str) -> Array | None:
        values = [row.get(name) for row in self.rows]
        if any(isinstance(value, str) for value in values):
            return None
        return np.array([np.nan if value is None else float(value) for value in values])

    def spread(self, name: str) -> float:
        """The standard deviation of a numeric column."""
        values = self._numbers(name)
        return float(np.nanstd(values)) if values is not None else 0.0

    def draw(self, n: int) -> Array:
        """Places of ``n`` rows, drawn with replacement."""
        return self.rng.integers(len(self.rows), size=n)

    def stationary(self, n: int, same_size: bool = False) -> str:
        """A pair with nothing changed between them."""
        return self._pair(self.draw(n if same_size else self.reference), self.draw(n))

    def shifted(self, n: int, shifts: dict[str, float]) -> str:
        """A pair whose current rows have constants added to some columns."""
        current = []
        for place in self.draw(n):
            row = dict(self.rows[place])
            for name, amount in shifts.items():
                if row[name] is not None:
                    row[name] = row[name] + amount
            current.append(json.dumps(row))
        return self._written(self._texted(self.draw(self.reference)), ",".join(current))

    def one_column(self, n: int) -> str:
        """A stationary pair in which the declared feature alone was drawn anew; the others are the reference's own."""
        reference, other, order = self.draw(n), self.draw(n), self.rng.permutation(n)
        current = [
            json.dumps(self.rows[place] | {self.feature: self.rows[new].get(self.feature)})
            for place, new in zip(reference[order], other, strict=True)
        ]
        return self._written(self._texted(reference), ",".join(current))

    def blank(self, n: int, which: str) -> str:
        """A pair, one half of which has rows without any column."""
        reference, current = self._texted(self.draw(self.reference)), self._texted(self.draw(n))
        empty = ",".join(["{}"] * n)
        return self._written(empty, current) if which == "reference" else self._written(reference, empty)

    def _pair(self, reference: Array, current: Array) -> str:
        return self._written(self._texted(reference), self._texted(current))

    def _texted(self, places: Iterable[int]) -> str:
        return ",".join([self._texts[place] for place in places])

    @staticmethod
    def _written(reference: str, current: str) -> str:
        return f'{{"reference":[{reference}],"current":[{current}]}}'


def ask(run: Runner, folder: Path, check: str, pairs: Iterable[str], seconds: float) -> Answers:
    """The monitor's answers to ``pairs``, in one process of its own."""
    lines = list(pairs)
    ended = run(["python", "-c", DRIVER, check], folder, stdin="\n".join(lines).encode(), seconds=seconds)
    replies = _replies(ended.stdout)
    if not replies:
        return Answers((), "slow" if ended.timed_out else "crashed", ended.last_line)
    if "missing" in replies[0]:
        return Answers((), "missing", str(replies[0]["missing"]))
    said: list[bool | None] = []
    kind = trouble = ""
    for reply in replies[1 : len(lines) + 1]:
        said.append(reply["answer"] if isinstance(reply.get("answer"), bool) else None)
        if said[-1] is None and not kind:
            kind = next((name for name in ("raised", "exited", "type") if name in reply), "crashed")
            trouble = str(reply.get(kind, ""))
    if len(said) < len(lines) and not kind:
        kind, trouble = ("slow", "") if ended.timed_out else ("exited", ended.last_line)
    return Answers(tuple(said), kind, trouble)


def _replies(stdout: bytes) -> list[dict[str, Any]]:
    replies = []
    for line in stdout.decode("utf-8", "replace").splitlines():
        try:
            reply = json.loads(line)
        except ValueError:
            break
        if not isinstance(reply, dict):
            break
        replies.append(reply)
    return replies
