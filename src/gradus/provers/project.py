"""A project with a declared service: what to ask it, and what its model answers offline."""

from __future__ import annotations

import http.client
import json
import math
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradus.errors import UsageError
from gradus.provers.apart import run_apart
from gradus.provers.declared import Row, declared, inside, read_rows

_OFFLINE = """
import importlib, json, sys
sys.path.insert(0, "")
module, _, name = sys.argv[1].partition(":")
rows = json.load(sys.stdin)
answers = getattr(importlib.import_module(module), name)(rows)
with open(sys.argv[2], "w") as stream:
    json.dump([None if a is None else float(a) for a in answers], stream)
"""


@dataclass(frozen=True)
class Project:
    """What a container prover needs of ``service.toml``."""

    folder: Path
    service: Mapping[str, Any]
    offline: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Project:
        """Raises UsageError without a readable service.toml."""
        tables = declared(folder)
        service, offline = tables.get("service", {}), tables.get("offline", {})
        if not isinstance(service, dict) or not isinstance(offline, dict):
            raise UsageError("`service` and `offline` must be tables.", str(folder / "service.toml"))
        return cls(folder, service, offline)

    def text(self, name: str, default: str) -> str:
        """A declared text, or the default where it is none."""
        value = self.service.get(name, default)
        return value if isinstance(value, str) else default

    @property
    def command(self) -> tuple[str, ...]:
        """The declared command; empty without one."""
        words = self.service.get("command", ())
        return tuple(str(word) for word in words) if isinstance(words, list) else ()

    @property
    def model(self) -> tuple[str, ...]:
        """The declared files of the model."""
        names = self.service.get("model", ())
        return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

    def rows(self, rng: np.random.Generator, most: int) -> list[Row]:
        """Up to ``most`` different rows of the declared table, columns in another order each; empty without a table."""
        path = inside(self.folder, self.offline.get("rows"))
        if path is None or not path.is_file():
            return []
        rows = read_rows(path, self.offline.get("target"))
        chosen = rng.permutation(len(rows))[:most]
        return [{name: rows[at][name] for name in rng.permutation(list(rows[at]))} for at in chosen]

    def offline_answers(self, rows: Sequence[Row], seconds: float = 120.0) -> list[float | None]:
        """What the model answers without a service, in a process of its own. Raises UsageError when it does not."""
        called = str(self.offline.get("predict", ""))
        with tempfile.TemporaryDirectory(prefix="gradus-") as place:
            answers = Path(place) / "answers.json"
            command = ["python", "-c", _OFFLINE, called, str(answers)]
            ended = run_apart(command, self.folder, stdin=json.dumps(rows).encode(), seconds=seconds)
            if ended.status or not answers.is_file():
                raise UsageError(f"the offline model does not answer: {ended.last_line}", called)
            found: list[float | None] = json.loads(answers.read_text())
        if len(found) != len(rows):
            raise UsageError(f"the offline model gives {len(found)} answers to {len(rows)} rows", called)
        return found


@dataclass(frozen=True)
class Answer:
    """An HTTP answer on loopback; status 0 when there was none."""

    status: int
    body: str

    def number(self, field: str) -> float | None:
        """The finite number in the answer's ``field``, if it is one."""
        try:
            value = json.loads(self.body)[field]
        except (ValueError, KeyError, TypeError):
            return None
        plain = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return float(value) if plain else None


def ask(port: int, method: str, path: str, body: Any = None, seconds: float = 10.0) -> Answer:
    """One request to 127.0.0.1:``port``. Never raises: no answer is status 0 and the reason."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        sent = None if body is None else json.dumps(body).encode()
        link.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
        answer = link.getresponse()
        return Answer(answer.status, answer.read(1 << 20).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, f"{type(error).__name__}: {error}")
    finally:
        link.close()


def wait_until(holds: Callable[[], bool], alive: Callable[[], bool], seconds: float) -> bool:
    """Ask ``holds`` until it does, the process has ended, or the time is up; whether it held."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        if not alive():
            return holds()
        time.sleep(0.1)
    return False


@dataclass(frozen=True)
class Difference:
    """A row that is answered otherwise than offline."""

    row: Row
    expected: float | None
    answer: Answer
    actual: float | None


def compare(project: Project, port: int, rows: Sequence[Row], offline: Sequence[float | None]) -> list[Difference]:
    """The rows whose answers differ from the offline model's by more than 1e-6.

    Where the model refuses a row (None), the service may refuse it, too (4xx)."""
    path, field = project.text("predict", "/predict"), project.text("answer", "answer")
    different = []
    for row, expected in zip(rows, offline, strict=True):
        answer = ask(port, "POST", path, row)
        actual = answer.number(field) if answer.status == 200 else None
        if expected is None:
            fits = 400 <= answer.status < 500
        else:
            fits = actual is not None and abs(actual - expected) <= 1e-6 * max(1.0, abs(expected))
        if not fits:
            different.append(Difference(row, expected, answer, actual))
    return different
