"""The cases of one attempt and the reference's answers to them: made by the judge, never seen by the learner's process.

An exam does not depend on the submission, so that the host may prepare the next one while nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks import Behaviour, Call, CaseGroup, CheckSet, File, Folder, Misconception
from gradus.checks.compare import Comparator, close
from gradus.checks.raised import LearnerRaised
from gradus.checks.show import clip, show, show_call
from gradus.grader.local import LocalRunner, names_of
from gradus.grader.placing import path_of, unpack
from gradus.grader.quiet import quiet
from gradus.grader.rehearsal import Rehearsal, rehearse
from gradus.grader.replies import CallSpec, Crashed, LimitHit, RaisedError, Reply, Returned, Runner, RunnerFault
from gradus.grader.student import RunnerGone, Student, handle_of
from gradus.grader.wire import Callback, Handle, Path, Unknown, WireError, copy, decode, encode
from gradus.grader.wire.codec import Hooks

if TYPE_CHECKING:
    from gradus.grader.diagnose import Miss

#: Cases of a group that the second runner answers twice: it makes more calls than the first, and computes little more.
REPEATS = 1
#: No group may draw more: a check that takes thousands of calls is a check that nobody waits for.
MAX_CASES = 2000
_DEFAULT = close()


class AuthorError(Exception):
    """The exercise is at fault: its reference, its cases or its behaviours. Never the learner."""


@dataclass(frozen=True)
class Case:
    """One call of one group, encoded once for every runner."""

    call: Call
    spec: CallSpec


@dataclass(frozen=True)
class Part:
    """One group of cases as drawn for this attempt.

    ``order`` is the order in which the second runner meets the cases: another one, with a case repeated.
    """

    group: CaseGroup
    name: str
    compare: Comparator
    cases: tuple[Case, ...]
    order: tuple[int, ...]
    reference: Any

    @property
    def title(self) -> str:
        return self.group.name.replace("_", " ")

    def text(self, case: Case) -> str:
        """Return the case as the learner is shown it."""
        if self.group.run is None:
            return show_call(self.name, case.call.args, case.call.kwargs) + _files(case.call)
        given = [show(value) for value in case.call.args]
        given += [f"{name}={show(value)}" for name, value in case.call.kwargs.items()]
        return clip(f"{self.name}, {self.group.run.__name__.replace('_', ' ')}: {', '.join(given)}")


class Exam:
    """Every part, with the reference's answers computed when they are first asked for."""

    def __init__(self, checks: CheckSet, seed: int) -> None:
        """Draw the cases. Raises AuthorError when that fails or there is nothing to check."""
        self.checks = checks
        self.seed = seed
        #: Whether the failing case is made smaller before it is shown. A proof that judges thousands, and shows none of
        #: them, does without; the diagnosis is the same.
        self.shrinks = True
        with quiet():
            self.parts = tuple(self._draw(index, group) for index, group in enumerate(checks.case_groups))
        if not self.parts and not checks.behaviours:
            raise AuthorError("there is not one check")
        self._expected: dict[int, tuple[Reply, ...]] = {}
        self._known: dict[int, dict[bytes, Any]] = {}
        self._rehearsals: dict[int, tuple[Rehearsal | None, ...]] = {}
        self.shown: Miss | None = None
        """The failing case that the verdict shows, if it shows one."""
        self.heard: dict[bytes, Any] = {}
        """The reference's answers in rehearsals, by their encoding."""

    @property
    def cases(self) -> int:
        return sum(len(part.cases) for part in self.parts)

    def expected(self, index: int) -> tuple[Reply, ...]:
        """Return the reference's answers to one part. Raises AuthorError when the reference is no reference."""
        if index not in self._expected:
            part = self.parts[index]
            runner = LocalRunner(vars(self.checks.reference))
            answers = tuple(ask(runner, part, [case.spec for case in part.cases], trusted=True))
            for case, reply in zip(part.cases, answers, strict=True):
                check_reference(part, case, reply)
            self._expected[index] = answers
            known = self._known.setdefault(index, {})
            known.update(
                (encode(reply.value) if reply.encoded is None else reply.encoded, reply.value)
                for reply in answers
                if isinstance(reply, Returned)
            )
        return self._expected[index]

    def known(self, index: int) -> Mapping[bytes, Any]:
        """Return the reference's answers to one part by their encoding, as far as they have been computed.

        An answer of the learner's that consists of the same bytes is the same, and need not be read or compared.
        """
        return self._known.setdefault(index, {})

    def prepare(self) -> Exam:
        """Compute every answer, and rehearse the behaviours for both runners, now."""
        for index in range(len(self.parts)):
            self.expected(index)
        names = vars(self.checks.reference)
        for number in (0, 1):
            self._rehearsals[number] = tuple(
                rehearse(behaviour, names, self.rng_for(behaviour, number), self.heard)
                for behaviour in self.checks.behaviours
            )
        return self

    def rehearsals(self, number: int) -> tuple[Rehearsal | None, ...]:
        """Return each behaviour's rehearsal for one runner; None for one that there is not."""
        return self._rehearsals.get(number, (None,) * len(self.checks.behaviours))

    def rng_for(self, behaviour: Behaviour, runner: int) -> np.random.Generator:
        """Return the random source of one behaviour before one runner."""
        return np.random.default_rng([self.seed, 7919 + runner, self.checks.behaviours.index(behaviour)])

    def _draw(self, index: int, group: CaseGroup) -> Part:
        name = group.of or self.checks.default_name
        rng = np.random.default_rng([self.seed, index])
        cases = []
        try:
            for call in group.draw(rng):
                cases.append(Case(call, freeze(name, call)))
                if len(cases) > MAX_CASES:
                    raise AuthorError(f"“{group.name}” draws more than {MAX_CASES} cases")
        except AuthorError:
            raise
        except Exception as error:
            raise AuthorError(f"drawing the cases “{group.name}” failed: {type(error).__name__}: {error}") from error
        if not cases:
            raise AuthorError(f"“{group.name}” drew no case")
        order = [int(i) for i in rng.permutation(len(cases))]
        order += [int(i) for i in rng.permutation(len(cases))[:REPEATS]]
        return Part(
            group, name, group.compare or _DEFAULT, tuple(cases), tuple(order), getattr(self.checks.reference, name)
        )


def _files(call: Call) -> str:
    """Say what is in the files and folders among a call's arguments, where that is short."""
    texts = []
    for value in (*call.args, *call.kwargs.values()):
        if type(value) in (File, Folder):
            value = path_of(value)
        if type(value) is not Path:
            continue
        if value.folder:
            lines = [f"    {name}: {clip(repr(content)[1:], 60)}" for name, _, content in unpack(value.content)]
            texts.append("\n".join([f"\n{value.name}/:", *lines[:12], *["    …"] * (len(lines) > 12)]))
        elif len(value.content) <= 400:
            text = value.content.decode("utf-8", "replace").rstrip("\n").replace("\n", "\n    ")
            texts.append(f"\n{value.name}:\n    {text}")
    return "".join(texts)


def freeze(name: str, call: Call) -> CallSpec:
    """Return a call whose arguments no later step can change. Raises AuthorError for what cannot be sent."""
    given = (name, tuple(call.args), dict(call.kwargs))
    try:
        try:
            data = encode(given, _FILES)
        except Unknown:  # a function among them: each runner has a number of its own for it
            args, kwargs = copied(given[1:])
            return CallSpec(name, args, kwargs)
        _, args, kwargs = decode(data, _FILES)
        return CallSpec(name, args, kwargs, data)
    except WireError as error:
        raise AuthorError(f"an argument of a case of “{name}” cannot be sent: {error}") from error


_FILES = Hooks(unknown=lambda value: path_of(value) if type(value) in (File, Folder) else None, path=lambda path: path)


def copied(args: Any) -> Any:
    """Return arguments with everything copied but functions, which are shared; files become paths-to-be."""
    kept: list[Any] = []

    def put(value: Any) -> Any:
        if type(value) in (File, Folder):
            return path_of(value)
        if callable(value):
            kept.append(value)
            return Callback(len(kept) - 1, getattr(value, "__name__", "function"))
        return None

    return copy(args, Hooks(unknown=put, callback=lambda callback: kept[callback.id], path=lambda path: path))


def ask(
    runner: Runner,
    part: Part,
    specs: Sequence[CallSpec],
    trusted: bool = False,
    known: Mapping[bytes, Any] | None = None,
) -> Iterator[Reply]:
    """Put calls to a runner, now, and yield its replies; a driver asks when its reply is asked for."""
    if part.group.run is None:
        return runner.call_many(specs, known)
    return _driven(runner, part.group.run, specs, trusted)


def _driven(runner: Runner, run: Callable[..., Any], specs: Sequence[CallSpec], trusted: bool) -> Iterator[Reply]:
    methods: set[tuple[str, str]] = set()
    for spec in specs:
        reply = drive(runner, run, spec, trusted, methods)
        yield reply
        if isinstance(reply, (Crashed, LimitHit)):
            return


def drive(
    runner: Runner,
    run: Callable[..., Any],
    spec: CallSpec,
    trusted: bool = False,
    methods: set[tuple[str, str]] | None = None,
) -> Reply:
    """Let a driver examine the runner's work and return what it makes of it."""
    student = Student(runner, methods)
    args, kwargs = copied((spec.args, dict(spec.kwargs)))
    try:
        with quiet():
            value = run(student, *args, **kwargs)
        return Returned(_settled(value), student._mutated)
    except LearnerRaised as raised:
        return RaisedError(raised.type, raised.mro, raised.message, raised.line, raised.trace)
    except RunnerGone as gone:
        return gone.reply
    except RunnerFault:
        raise
    except Exception as error:
        if trusted:
            return RaisedError("driver", ("driver",), f"{type(error).__name__}: {error}")
        # The reference's values went through this driver, so what it stumbled over is the learner's value.
        return RaisedError("driver", ("driver",), str(error))


def _settled(value: Any) -> Any:
    """Return a driver's value as it looks after crossing the wire, its proxies as handles."""
    return copy(value, Hooks(unknown=handle_of, handle=lambda handle: handle))


def check_reference(part: Part, case: Case, reply: Reply) -> None:
    """Refuse an answer of the reference that cannot be compared."""
    if isinstance(reply, RaisedError) and reply.type == "driver":
        raise AuthorError(f"the driver of “{part.group.name}” failed on the reference: {reply.message}")
    if isinstance(reply, RaisedError) and reply.type in ("NotImplementedError", "NameError", "AttributeError"):
        raise AuthorError(f"the reference fails on {clip(part.text(case), 120)}: {reply.type}: {reply.message}")
    if isinstance(reply, Returned) and isinstance(reply.value, Handle):
        raise AuthorError(f"the reference returns a {reply.value.type} on “{part.group.name}”, which is not data")
    if isinstance(reply, Returned) and reply.mutated and not part.group.may_change_input:
        raise AuthorError(f"the reference changes its input on “{part.group.name}”")
    if isinstance(reply, (Crashed, LimitHit)):
        raise AuthorError(f"the reference ends on “{part.group.name}”")


def stand_in(checks: CheckSet, wrong: Misconception) -> LocalRunner:
    """Return a runner in which a misconception stands where the reference's function stood."""
    names: Mapping[str, Any] = names_of(checks.reference, **{wrong.of or checks.default_name: wrong.implementation})
    return LocalRunner(names)
