"""Behaviours, rehearsed with the reference while nobody waits.

What a behaviour concludes depends on its random source and on the answers it gets. So where a learner's code answers
all the calls of a rehearsal with the very bytes of the reference, the behaviour holds, and need not run again. The
calls go out together, and their inputs have been drawn before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.checks import Behaviour
from gradus.grader.local import LocalRunner
from gradus.grader.quiet import quiet
from gradus.grader.replies import CallSpec, Reply, Returned
from gradus.grader.student import Student
from gradus.grader.wire import WireError, encode

_MOST_CALLS = 100
_MOST_BYTES = 1 << 20


class _Unrehearsed(BaseException):
    """The behaviour does more than call functions with data. Not an Exception: no author's code swallows it."""


@dataclass(frozen=True)
class Rehearsal:
    """The calls of one behaviour, and the reference's answers, each one object per encoding (see ``known``)."""

    specs: tuple[CallSpec, ...]
    values: tuple[Any, ...]

    def repeated(self, replies: Sequence[Reply]) -> bool:
        """Whether these are the same answers, taken over by ``known``, with no argument changed."""
        return len(replies) == len(self.values) and all(
            isinstance(reply, Returned) and reply.value is value and not reply.mutated
            for reply, value in zip(replies, self.values, strict=True)
        )


class _Recorder:
    """Stands before the behaviour as a runner: the reference's, whose calls are written down."""

    def __init__(self, names: Mapping[str, Any], known: dict[bytes, Any]) -> None:
        self.specs: list[CallSpec] = []
        self.values: list[Any] = []
        self._bytes = 0
        self._known = known
        self._local = LocalRunner(names)

    def call(self, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        try:
            data = encode((target, tuple(args), dict(kwargs)))
        except WireError:  # a function, or an object that stayed with the learner's code
            raise _Unrehearsed from None
        self._bytes += len(data)
        if len(self.specs) >= _MOST_CALLS or self._bytes > _MOST_BYTES:
            raise _Unrehearsed
        spec = CallSpec(target, tuple(args), dict(kwargs), data)
        reply = next(self._local.call_many([spec]))
        if not isinstance(reply, Returned) or reply.mutated:
            raise _Unrehearsed
        self.specs.append(spec)
        answer = encode(reply.value) if reply.encoded is None else reply.encoded
        self.values.append(self._known.setdefault(answer, reply.value))
        return reply

    def __getattr__(self, name: str) -> Any:
        raise _Unrehearsed


def rehearse(
    behaviour: Behaviour, names: Mapping[str, Any], rng: np.random.Generator, known: dict[bytes, Any]
) -> Rehearsal | None:
    """Run a behaviour before the reference; None where its calls cannot be known before.

    ``known`` gathers the answers by their encoding.
    """
    recorder = _Recorder(names, known)
    try:
        with quiet():
            behaviour.run(Student(recorder), rng)
    except (_Unrehearsed, Exception):  # a behaviour that fails on the reference is met, and blamed, in the check itself
        return None
    return Rehearsal(tuple(recorder.specs), tuple(recorder.values)) if recorder.specs else None


def perform(
    runner: Any, rehearsals: Sequence[Rehearsal | None], known: Mapping[bytes, Any]
) -> Callable[[], list[bool]]:
    """Put the calls of all rehearsals to a runner, now; what is returned waits, and tells which were repeated."""
    specs = [spec for rehearsal in rehearsals if rehearsal is not None for spec in rehearsal.specs]
    if not specs:
        return lambda: [False] * len(rehearsals)
    answers: Iterator[Reply] = runner.call_many(specs, known)

    def wait() -> list[bool]:
        replies = list(answers)
        repeated, place = [], 0
        for rehearsal in rehearsals:
            count = 0 if rehearsal is None else len(rehearsal.specs)
            repeated.append(rehearsal is not None and rehearsal.repeated(replies[place : place + count]))
            place += count
        return repeated

    return wait
