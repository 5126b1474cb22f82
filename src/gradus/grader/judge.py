"""The judge: load, ask two runners, compare with the reference, say what is wrong.

Trusted, and the only place that knows solution, checks and cases to come. It never evaluates anything that a runner
sent; a runner's values are compared, its silence counts as not passed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gradus.checks.compare import Difference
from gradus.checks.show import clip, show
from gradus.grader.behaviours import Broken, examine
from gradus.grader.diagnose import (
    WEAK_KINDS,
    Miss,
    compare_replies,
    leading,
    name_misconception,
    printed_instead,
)
from gradus.grader.exam import AuthorError, Exam, Part, ask
from gradus.grader.findings import MAX_FINDINGS, Conclusion, finding_of, findings_from, verdict_on
from gradus.grader.headlines import ADVICE, Words, crashed, limit, load_failure, missing_name, our_fault
from gradus.grader.local import LocalRunner
from gradus.grader.preflight import look_at_source
from gradus.grader.quiet import in_background, silence
from gradus.grader.rehearsal import perform
from gradus.grader.replies import (
    Crashed,
    Failure,
    LimitHit,
    Loaded,
    RaisedError,
    Reply,
    Returned,
    Runner,
    RunnerFault,
    Submission,
)
from gradus.grader.shrinking import smallest
from gradus.grader.verdict import Finding, Outcome, Verdict

_TOO_LARGE_SEED = 10**9


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a runner ended: in a call of which function, on which case, in which check."""

    reply: Crashed | LimitHit
    name: str
    case: str
    check: str


@dataclass
class Sitting:
    """What is known about one submission in the middle of its check."""

    exam: Exam
    submission: Submission
    runners: Sequence[Runner] = ()
    answers: dict[int, list[Reply]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    ended: Ended | None = None
    asked: tuple[Iterator[Reply], Iterator[Reply]] | None = None  # the first part, sent together with the file
    checks: int = 0
    cases: int = 0
    printed: int = 0  # bytes the first runner has printed so far
    before: dict[int, int] = field(default_factory=dict)  # bytes printed before a part was asked
    random: bool = False  # the very first call of a fresh process is wrong already, and unsteady


def new_seed() -> int:
    """Return an unpredictable seed, short enough to be typed."""
    return secrets.randbelow(_TOO_LARGE_SEED)


def judge(exam: Exam, submission: Submission, start: Callable[[], Sequence[Runner]]) -> Verdict:
    """Judge one submission. Every fault that is not the learner's is a `grader_error` with a sentence.

    ``start`` gives the runners, fresh and not loaded: two of them, or one (for trusted code only).
    """
    began = time.perf_counter()
    with silence():
        return _judge(exam, submission, start, began)


def _judge(exam: Exam, submission: Submission, start: Callable[[], Sequence[Runner]], began: float) -> Verdict:
    conclusion: Conclusion
    for retries in (2, 1, 0):
        runners: Sequence[Runner] = ()
        sitting = Sitting(exam, submission)
        try:
            seen = look_at_source(exam.checks, submission)
            if seen is None:
                runners = sitting.runners = start()
            conclusion = _sit(sitting) if seen is None else seen
        except AuthorError as error:
            conclusion = our_fault(str(error)), "grader_error", ()
        except RunnerFault as fault:
            conclusion = our_fault(str(fault)), "grader_error", ()
            if retries:
                continue  # a process that somebody killed says nothing about the work in it: others take its place
        except Exception as error:
            conclusion = our_fault(f"{type(error).__name__}: {error}"), "grader_error", ()
        break
    run = (time.perf_counter() - began) * 1000
    return verdict_on(exam, submission, conclusion, (sitting.checks, sitting.cases), run, _printed(runners))


def _sit(sitting: Sitting) -> Conclusion:
    loaded = _load(sitting)
    if loaded is not None:
        return loaded
    for index in range(len(sitting.exam.parts)):
        _ask_part(sitting, index)
        if sitting.ended is not None:
            return _over(sitting)
    return _conclude(sitting)


def _load(sitting: Sitting) -> tuple[Words, Outcome, tuple[Finding, ...]] | None:
    """Load the file into every runner; say what keeps it from loading."""
    submission, checks = sitting.submission, sitting.exam.checks
    loaded: Loaded | Failure = Failure("crashed")
    waiting = [(runner, runner.begin_load(submission)) for runner in sitting.runners]
    if sitting.exam.parts and sitting.exam.parts[0].group.run is None:
        sitting.asked = _put(sitting, 0)  # while the file is being loaded; a driver has to wait for it
    for runner, wait in waiting:
        loaded = wait()
        if isinstance(loaded, Failure):
            return _not_loaded(sitting, loaded)
        if runner is sitting.runners[0]:
            sitting.printed = loaded.printed
    assert isinstance(loaded, Loaded)
    for name in checks.exercise.provides:
        if name not in loaded.names:
            words = missing_name(name, loaded.names, submission.name)
            return words, "broken", (finding_of(words, "the file defines what the exercise asks for"),)
    return None


def _not_loaded(sitting: Sitting, failure: Failure) -> tuple[Words, Outcome, tuple[Finding, ...]]:
    limits = sitting.exam.checks.exercise.limits
    if failure.kind == "limit":
        words = limit(
            sitting.submission.name, LimitHit(failure.error), limits.seconds, limits.memory_mb, limits.output_kb
        )
        return words, "over_limit", (finding_of(words, "the file loads within its limits"),)
    words = load_failure(failure, sitting.submission.name, tuple(sitting.submission.siblings))
    outcome: Outcome = "unstarted" if words.id == "unstarted" else "broken"
    return words, outcome, (finding_of(words, "the file loads"),)


def _put(sitting: Sitting, index: int) -> tuple[Iterator[Reply], Iterator[Reply]]:
    """Send one part's cases to the runners: in order to the first, in another order and one twice to the second."""
    part = sitting.exam.parts[index]
    specs = [case.spec for case in part.cases]
    known = sitting.exam.known(index)
    first = ask(sitting.runners[0], part, specs, known=known)
    if len(sitting.runners) == 1:
        return first, iter(())
    again = [specs[i] for i in part.order]
    second = ask(sitting.runners[1], part, again, known=known)
    if part.group.run is None or isinstance(sitting.runners[1], LocalRunner):
        return first, second
    return first, _later(in_background(lambda: list(second)))


def _later(wait: Callable[[], list[Reply]]) -> Iterator[Reply]:
    yield from wait()


def _ask_part(sitting: Sitting, index: int) -> None:
    """Put one part to both runners, compare with the reference, and note what differs."""
    part = sitting.exam.parts[index]
    asked, sitting.asked = sitting.asked, None
    first, second = asked if asked is not None else _put(sitting, index)
    two = len(sitting.runners) > 1
    expected = sitting.exam.expected(index)
    answers = sitting.answers[index] = []
    sitting.checks += 1
    sitting.before[index] = sitting.printed
    for position, case in enumerate(part.cases):
        reply = next(first, Crashed("it stopped answering"))
        if isinstance(reply, (Crashed, LimitHit)):
            sitting.ended = Ended(reply, part.name, part.text(case), part.title)
            return
        sitting.cases += 1
        sitting.printed = reply.printed
        answers.append(reply)
        difference = _difference(part, position, expected[position], reply)
        if difference is not None:
            sitting.misses.append(_miss(part, position, expected[position], reply, difference))
    if two:
        _ask_again(sitting, part, second, expected, answers)


def _difference(part: Part, position: int, expected: Reply, reply: Reply) -> Difference | None:
    try:
        difference = compare_replies(part, part.cases[position], expected, reply)
    except Exception as error:
        raise AuthorError(f"comparing “{part.group.name}” failed: {type(error).__name__}: {error}") from error
    if difference is None and isinstance(reply, Returned) and reply.mutated and not part.group.may_change_input:
        return Difference(
            f"`{part.name}` changes its input.", "input_changed",
            "The answer is right, but the caller's own data are different afterwards. Work on a copy, or build the "
            "answer from new objects.",
            "the input as it was", "another input after the call",
        )  # fmt: skip
    return difference


def _miss(part: Part, position: int, expected: Reply, reply: Reply, difference: Difference) -> Miss:
    line, trace = (reply.line, reply.trace) if isinstance(reply, RaisedError) else (None, ())
    mutated = isinstance(reply, Returned) and bool(reply.mutated) and not part.group.may_change_input
    if mutated and difference.kind in WEAK_KINDS:
        difference = Difference(
            difference.headline, "input_changed",
            f"`{part.name}` also changes its input: the caller's own data are different afterwards. Working in place "
            "often disturbs the very values that are still needed.",
            difference.expected_text, difference.actual_text, difference.where,
        )  # fmt: skip
    return Miss(part, part.cases[position], position, expected, reply, difference, line, trace)


def _ask_again(
    sitting: Sitting, part: Part, second: Iterator[Reply], expected: Sequence[Reply], answers: Sequence[Reply]
) -> None:
    """Read the second runner's replies: another order, a case twice. The same call must answer the same."""
    missed = {miss.index: miss for miss in sitting.misses if miss.part is part}
    unsteady: Miss | None = None
    for position in part.order:
        reply = next(second, Crashed("it stopped answering"))
        if isinstance(reply, (Crashed, LimitHit)):
            sitting.ended = Ended(reply, part.name, part.text(part.cases[position]), part.title)
            return
        sitting.cases += 1
        if unsteady is not None:
            continue
        difference = _difference(part, position, expected[position], reply)
        first = answers[position]
        if (difference is None) == (position not in missed) and (
            difference is None or _alike(part, position, first, reply)
        ):
            continue
        # State that is kept shows later; what is wrong from the first call on is drawn at random.
        sitting.random = 0 in missed and (part.order[0] in missed)
        unsteady = Miss(
            part, part.cases[position], position, expected[position], first,
            _unsteady(part, first, reply, sitting.random),
        )  # fmt: skip
    if unsteady is not None:
        sitting.misses.append(unsteady)


def _alike(part: Part, position: int, first: Reply, second: Reply) -> bool:
    """Tell whether two wrong answers to one case are the same wrong answer."""
    if isinstance(first, Returned) and isinstance(second, Returned):
        try:
            return compare_replies(part, part.cases[position], first, second) is None
        except Exception:
            return True  # values that the author's comparator cannot compare say nothing about steadiness
    return type(first) is type(second)


def _unsteady(part: Part, first: Reply, second: Reply, drawn: bool) -> Difference:
    detail = (
        "Something in it is random (or reads the clock) and does not come from what was passed in."
        if drawn
        else "Something is kept from one call to the next: a global, a mutable default argument (`def f(x, seen=[])` "
        "makes its list only once), a cache, or a random state."
    )
    return Difference(
        f"The same call of `{part.name}` gives different answers.", "not_repeatable", detail,
        f"once {_text_of(first)}", f"another time {_text_of(second)}",
    )  # fmt: skip


def _text_of(reply: Reply) -> str:
    if isinstance(reply, Returned):
        return clip(show(reply.value, 4), 160)
    return clip(f"{reply.type}: {reply.message}", 160) if isinstance(reply, RaisedError) else str(reply)


def _over(sitting: Sitting) -> tuple[Words, Outcome, tuple[Finding, ...]]:
    """Conclude a check whose runner ended: a limit, or a process that is gone."""
    assert sitting.ended is not None
    ended = sitting.ended
    limits = sitting.exam.checks.exercise.limits
    if isinstance(ended.reply, LimitHit):
        words = limit(ended.name, ended.reply, limits.seconds, limits.memory_mb, limits.output_kb)
        return words, "over_limit", (finding_of(words, ended.check, ended.case),)
    words = crashed(ended.name, ended.reply)
    return words, "broken", (finding_of(words, ended.check, ended.case),)


def _conclude(sitting: Sitting) -> Conclusion:
    misses, exam = sitting.misses, sitting.exam
    steady = [miss for miss in misses if miss.difference.kind != "not_repeatable"]
    if misses and all(miss.difference.kind == "unstarted" for miss in misses):
        words = Words("unstarted", misses[0].difference.headline, misses[0].difference.detail, misses[0].line)
        return words, "unstarted", (finding_of(words, misses[0].part.title),)
    wrong = name_misconception(exam, sitting.answers, steady)
    if wrong is not None:
        name = wrong.of or exam.checks.default_name
        shown = leading([miss for miss in steady if miss.part.name == name])
        found = exam.shown = smallest(sitting.runners[0], exam, shown, wrong)
        headline = wrong.headline or found.difference.headline
        words = Words(wrong.name, headline, wrong.explanation)
        return words, "not_yet", findings_from(found, misses)
    broken = _behave(sitting)
    if sitting.ended is not None:
        return _over(sitting)
    return _explain(sitting, broken)


def _behave(sitting: Sitting) -> list[Broken]:
    """Run the behaviours before every runner; return those that do not hold."""
    broken: list[Broken] = []
    performed = [
        perform(runner, sitting.exam.rehearsals(number), sitting.exam.heard)
        for number, runner in enumerate(sitting.runners)
    ]
    held = [wait() for wait in performed]
    waiting = [_examined(sitting, number, held[number]) for number in reversed(range(len(sitting.runners)))]
    results = [wait() for wait in reversed(waiting)]
    for index, behaviour in enumerate(sitting.exam.checks.behaviours):
        sitting.checks += 1
        for found in (result[index] for result in results if index < len(result)):
            if found is None:
                continue
            if found.ended is not None:
                name = found.case.partition("(")[0] or sitting.exam.checks.default_name
                sitting.ended = Ended(found.ended, name, found.case, behaviour.title)
                return broken
            broken.append(found)
            break
    return broken


def _examined(sitting: Sitting, number: int, held: Sequence[bool]) -> Callable[[], list[Broken | None]]:
    """Examine every behaviour before one runner, but those that ``held`` in the calls of their rehearsal; the second
    runner is asked in the background meanwhile.
    """

    def work() -> list[Broken | None]:
        found: list[Broken | None] = []
        for behaviour, holds in zip(sitting.exam.checks.behaviours, held, strict=True):
            found.append(None if holds else examine(sitting.exam, behaviour, sitting.runners[number], number))
            if found[-1] is not None and found[-1].ended is not None:
                break
        return found

    alone = number == 0 or all(held) or isinstance(sitting.runners[number], LocalRunner)
    return work if alone else in_background(work)


def _explain(sitting: Sitting, broken: Sequence[Broken]) -> Conclusion:
    """Choose what to say first: a telling built-in kind, then a behaviour, then whatever differs."""
    misses = sitting.misses
    if not misses and not broken:
        return (None, "passed", ()) if sitting.checks else (our_fault("nothing was checked"), "grader_error", ())
    behaved = tuple(item.finding for item in broken)
    telling = [item for item in broken if not item.stumbled]  # the others say no more than the cases do
    unsteady = [miss for miss in misses if miss.difference.kind == "not_repeatable"]
    weak = not misses or leading(misses).difference.kind in WEAK_KINDS
    if broken and (not misses or (telling and weak and not (unsteady and sitting.random))):
        first = (telling or broken)[0]
        rest = findings_from(misses[0], misses)[: MAX_FINDINGS - 1] if misses else ()
        words = Words(first.behaviour.name, first.finding.message, first.behaviour.message or first.finding.message)
        return words, "not_yet", (*behaved, *rest)
    shown = unsteady[0] if unsteady and weak else leading(misses)
    found = shown if shown in unsteady else smallest(sitting.runners[0], sitting.exam, shown, None)
    sitting.exam.shown = found
    difference = found.difference
    message = difference.detail or ADVICE.get(difference.kind, difference.headline)
    words = Words(difference.kind, difference.headline, message, found.line)
    if difference.kind == "returned_none" and printed_instead(shown.expected, _said(sitting, shown)):
        words = Words(
            "printed_instead", f"`{found.part.name}` prints its answer and returns None.",
            "Printing shows a value to a person; `return` hands it to the caller, who can go on with it.",
        )  # fmt: skip
    return words, "not_yet", (*findings_from(found, misses), *behaved)


def _said(sitting: Sitting, miss: Miss) -> str:
    """Return what the learner's code printed during that call."""
    index = sitting.exam.parts.index(miss.part)
    marks = [getattr(reply, "printed", 0) for reply in sitting.answers[index]]
    start = marks[miss.index - 1] if miss.index else sitting.before.get(index, 0)
    return sitting.runners[0].stdout(start, marks[miss.index])


def _printed(runners: Sequence[Runner]) -> str:
    try:
        return runners[0].stdout() if runners else ""
    except Exception:
        return ""
