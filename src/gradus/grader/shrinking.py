"""The failing case that the learner is shown: shrunk with the runner that is still alive."""

from __future__ import annotations

from dataclasses import replace

from gradus.checks import Call, Misconception
from gradus.grader.diagnose import Miss, compare_replies, same_answer
from gradus.grader.exam import Case, Exam, ask, freeze, stand_in
from gradus.grader.local import LocalRunner
from gradus.grader.quiet import quiet
from gradus.grader.replies import Crashed, LimitHit, RaisedError, Returned, Runner
from gradus.grader.shrink import Arguments, shrink


class _Ended(Exception):  # noqa: N818 - named after what happened
    """The runner ended while shrinking: what was found so far is shown."""


def smallest(runner: Runner, exam: Exam, miss: Miss, wrong: Misconception | None) -> Miss:
    """Return the smallest case found on which the learner fails in the same way.

    A candidate counts when the author's precondition holds, the reference answers it as it answered the case (with a
    value, or with the same exception), the difference is of the same kind, and the misconception, if one was named,
    still gives the learner's answer.
    """
    part, checks = miss.part, exam.checks
    if isinstance(miss.actual, (Crashed, LimitHit)) or not exam.shrinks:
        return miss
    precondition = checks.preconditions.get(part.name)
    best = miss

    def fails(arguments: Arguments) -> bool:
        nonlocal best
        args, kwargs = arguments
        try:
            if precondition is not None:
                with quiet():
                    if not precondition.predicate(*args, **kwargs):
                        return False
            call = Call(tuple(args), dict(kwargs))
            case = Case(call, freeze(part.name, call))
        except Exception:
            return False
        found = _again(runner, exam, miss, case, wrong)
        if found is None:
            return False
        best = found
        return True

    try:
        shrink((miss.case.spec.args, dict(miss.case.spec.kwargs)), fails)
    except _Ended:
        pass
    return best


def _again(runner: Runner, exam: Exam, miss: Miss, case: Case, wrong: Misconception | None) -> Miss | None:
    """Return the miss on this case if it is one of the same kind."""
    part = miss.part
    expected = next(ask(LocalRunner(vars(exam.checks.reference)), part, [case.spec], trusted=True))
    if not _comparable(miss, expected):
        return None
    actual = next(ask(runner, part, [case.spec]), Crashed("it stopped answering"))
    if isinstance(actual, (Crashed, LimitHit)):
        raise _Ended
    if miss.difference.kind == "input_changed":
        if not (isinstance(actual, Returned) and actual.mutated):
            return None
        difference = compare_replies(part, case, expected, actual)
        if difference is None:
            return replace(miss, case=case, expected=expected, actual=actual)
        difference = replace(difference, kind="input_changed", detail=miss.difference.detail)
    else:
        difference = compare_replies(part, case, expected, actual)
    if difference is None or difference.kind != miss.difference.kind:
        return None
    if isinstance(actual, RaisedError) and isinstance(miss.actual, RaisedError) and actual.type != miss.actual.type:
        return None
    if wrong is not None:
        answer = next(ask(stand_in(exam.checks, wrong), part, [case.spec], trusted=True))
        if not same_answer(part, case, answer, actual):
            return None
    line, trace = (actual.line, actual.trace) if isinstance(actual, RaisedError) else (None, ())
    return replace(miss, case=case, expected=expected, actual=actual, difference=difference, line=line, trace=trace)


def _comparable(miss: Miss, expected: object) -> bool:
    if isinstance(miss.expected, Returned):
        return isinstance(expected, Returned) and type(expected.value) is type(miss.expected.value)
    return isinstance(expected, RaisedError) and expected.type == getattr(miss.expected, "type", "")
