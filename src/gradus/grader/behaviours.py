"""Run one behaviour before one runner, and tell the learner's faults from the author's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradus.checks import UNSET, Behaviour, CheckFailed
from gradus.checks.raised import LearnerRaised
from gradus.checks.show import clip, show, show_pair
from gradus.grader.exam import AuthorError, Exam
from gradus.grader.local import LocalRunner
from gradus.grader.quiet import quiet
from gradus.grader.replies import Crashed, LimitHit, Runner, RunnerFault
from gradus.grader.student import RunnerGone, Student
from gradus.grader.verdict import Finding, trace_texts


@dataclass(frozen=True)
class Broken:
    """A behaviour that does not hold, or in which the runner ended.

    ``stumbled``: it could not be examined to its end, because the learner's code raises or gives what it cannot use.
    """

    behaviour: Behaviour
    finding: Finding
    case: str = ""
    ended: Crashed | LimitHit | None = None
    stumbled: bool = False


def examine(exam: Exam, behaviour: Behaviour, runner: Runner, number: int) -> Broken | None:
    """Return how the behaviour fails before this runner; None when it holds.

    Raises AuthorError when the behaviour fails on the reference as well: then it is the author's fault.
    """
    student = Student(runner)
    try:
        with quiet():
            behaviour.run(student, exam.rng_for(behaviour, number))
    except RunnerGone as gone:
        return Broken(behaviour, Finding(behaviour.title, ""), gone.call, gone.reply)
    except CheckFailed as failed:
        return Broken(behaviour, _finding(behaviour, failed))
    except AssertionError as error:
        headline = str(error).partition("\n")[0] or f"This does not hold: {behaviour.title}."
        return Broken(behaviour, _finding(behaviour, CheckFailed(headline)))
    except LearnerRaised as raised:
        short = raised.type.rpartition(".")[2]
        line = f" on line {raised.line}" if raised.line is not None else ""
        message = f": {clip(raised.message, 200)}" if raised.message else "."
        finding = Finding(
            check=behaviour.title,
            message=f"{clip(raised.call, 120)} raises {short}{line}{message}",
            case=raised.call,
            actual=clip(f"{short}: {raised.message}", 300),
            line=raised.line,
            kind=behaviour.name,
            trace=trace_texts(raised.trace),
        )
        _blame(exam, behaviour, number, raised)
        return Broken(behaviour, finding, stumbled=True)
    except RunnerFault:
        raise
    except Exception as error:
        # The learner's value is one that the behaviour was not written for: fine, if the reference's values are.
        _blame(exam, behaviour, number, error)
        finding = Finding(
            check=behaviour.title,
            message=f"This cannot be checked on what your code gives: {behaviour.title}.",
            case=student._last_call,
            actual=clip(f"{type(error).__name__}: {error}", 300),
            kind=behaviour.name,
        )
        return Broken(behaviour, finding, stumbled=True)
    return None


def _blame(exam: Exam, behaviour: Behaviour, number: int, error: Exception) -> None:
    """Run the behaviour before the reference; if that fails too, the learner is not to blame."""
    try:
        with quiet():
            behaviour.run(Student(LocalRunner(vars(exam.checks.reference))), exam.rng_for(behaviour, number))
    except Exception:
        raise AuthorError(
            f"the behaviour “{behaviour.name}” fails on the reference: {type(error).__name__}: {error}"
        ) from error


def _finding(behaviour: Behaviour, failed: CheckFailed) -> Finding:
    expected, actual = _texts(failed.expected, failed.actual)
    return Finding(
        check=behaviour.title,
        message=failed.headline,
        case="" if failed.case is UNSET else _text(failed.case),
        expected=expected,
        actual=actual,
        kind=behaviour.name,
    )


def _texts(expected: Any, actual: Any) -> tuple[str, str]:
    if expected is UNSET or actual is UNSET or isinstance(expected, str) or isinstance(actual, str):
        return ("" if expected is UNSET else _text(expected)), ("" if actual is UNSET else _text(actual))
    return show_pair(expected, actual)


def _text(value: Any) -> str:
    return clip(value) if isinstance(value, str) else show(value)
