"""Asking the service for the answers to rows, and what is compared with what."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gradus.provers.service.declared import Declared
from gradus.provers.service.faults import Found
from gradus.provers.service.offline import Offline
from gradus.provers.service.rows import Row, Table
from gradus.provers.service.speaking import ERRORS, Answer, NoAnswer, Reply, Speaker, encoded, read_number, read_reply
from gradus.provers.service.starting import Copy, Running

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Burst:
    """How hard the service is pressed: at each level ``requests`` or ``seconds``, whichever ends first."""

    levels: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    requests: int = 2000
    seconds: float = 2.0
    memory_rounds: int = 4
    memory_requests: int = 400
    examples: int = 40
    """Requests drawn from the OpenAPI document, for each operation."""
    ceiling_seconds: float = 1.0
    """Spent on measuring what the load generator itself can do."""
    grace: float = 10.0
    """Seconds between SIGTERM and giving up."""


@dataclass
class Study:
    """What an examination knows so far. Probes read it and add to it."""

    declared: Declared
    rng: np.random.Generator
    burst: Burst
    count: int
    speaker: Speaker
    copy: Copy | None = None
    running: Running | None = None
    table: Table | None = None
    offline: Offline | None = None
    drawn: list[Row] = field(default_factory=list)
    expected: list[float | None] = field(default_factory=list)
    version: dict[str, str] | None = None
    heard: list[tuple[str, str]] = field(default_factory=list)
    """Answers in which something was heard that must not be said: (fault, where and what)."""
    remote: bool = False

    @property
    def folder(self) -> Path:
        """The copy's folder."""
        assert self.copy is not None
        return self.copy.folder

    @property
    def model(self) -> Offline:
        """The offline model."""
        assert self.offline is not None
        return self.offline

    @property
    def data(self) -> Table:
        """The project's own rows."""
        assert self.table is not None
        return self.table

    @property
    def service(self) -> Running:
        """The service that runs now."""
        assert self.running is not None
        return self.running

    def known(self, count: int) -> list[tuple[Row, float]]:
        """Up to ``count`` drawn rows that the offline model answers, with its answers."""
        pairs = zip(self.drawn, self.expected, strict=True)
        return [(row, value) for row, value in pairs if value is not None][:count]

    def listen(self, where: str, answer: Answer) -> None:
        """Look for what no answer should hold: the planted secret, a traceback."""
        if self.copy is not None and self.copy.canary.encode() in answer.body:
            self.heard.append(("environment_in_answer", where))
        if b"Traceback (most recent call last)" in answer.body:
            self.heard.append(("traceback_in_answer", where))


def same(a: float, b: float) -> bool:
    """Whether two answers agree within 1e-6, relative where they are large."""
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def ask_row(study: Study, row: Any, speaker: Speaker | None = None) -> Reply:
    """One row's answer. Raises NoAnswer."""
    return read(study, (speaker or study.speaker).ask("POST", study.declared.predict, wrapped(study, encoded(row))))


def wrapped(study: Study, row: bytes) -> bytes:
    """The body that asks for one row. Where rows are only asked in batches, it is a batch of one."""
    if not study.declared.only_batches:
        return row
    return encoded({study.declared.records: ["@row"]}).replace(b'"@row"', row)


def read(study: Study, answer: Answer) -> Reply:
    """The answer to one row."""
    declared = study.declared
    if not declared.only_batches or answer.status != 200:
        return read_reply(answer, declared.answer)
    try:
        answers = _answers_in(declared, answer)
    except Found as found:
        return Reply(200, problem=found.fault.id, text=answer.text[:300])
    if len(answers) != 1:
        return Reply(200, problem="batch_drops_rows", text=answer.text[:300])
    return _one_of(answers[0], declared.answer)


def ask_rows(study: Study, rows: Sequence[Row], at_once: int = 4) -> list[Reply]:
    """The answers to ``rows``, some at once so that a slow service is not asked for minutes. No answer has status 0."""

    def one(row: Row) -> Reply:
        try:
            return ask_row(study, row)
        except NoAnswer as error:
            return Reply(0, text=str(error))

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, rows))


def ask_batch(study: Study, rows: Sequence[Row]) -> tuple[Answer, list[Reply] | None]:
    """A batch's answers in order, None when there was no list of them. Raises NoAnswer."""
    declared = study.declared
    assert declared.batch is not None
    answer = study.speaker.post(declared.batch, {declared.records: list(rows)})
    if answer.status != 200:
        return answer, None
    return answer, [_one_of(item, declared.answer) for item in _answers_in(declared, answer)]


def _answers_in(declared: Declared, answer: Answer) -> list[Any]:
    """The list in a batch's answer. Raises Found when there is none."""
    try:
        document = answer.json()
    except (ValueError, RecursionError) as error:
        fault = "nan_in_answer" if "not finite" in str(error) else "not_json"
        raise Found(fault, f"A batch got `{answer.text[:160]}`.") from None
    if not isinstance(document, dict) or not isinstance(document.get(declared.answers), list):
        failure = isinstance(document, dict) and any(key in document for key in ERRORS)
        fault = "error_as_200" if failure else "answer_missing"
        raise Found(fault, f"A batch got `{answer.text[:160]}`, without a list `{declared.answers}`.")
    found: list[Any] = document[declared.answers]
    return found


def _one_of(item: Any, name: str) -> Reply:
    """One answer of a batch: a number, or an object that holds it as a single answer does."""
    text = str(item)[:200]
    if isinstance(item, dict):
        return read_number(item[name], text) if name in item else Reply(200, problem="answer_missing", text=text)
    return read_number(item, text)


def listening(speaker: Speaker, study: Study) -> Speaker:
    """A speaker whose answers the study listens to."""
    return replace(speaker, listeners=[study.listen])
