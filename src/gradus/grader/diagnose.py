"""Which mistake it is: a misconception that gives the very same answers, a built-in kind, or a behaviour's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradus.checks import CheckSet, Misconception
from gradus.checks.compare import GENERIC_KINDS, Difference
from gradus.checks.show import clip, kind_of, show, show_pair
from gradus.grader.exam import Case, Exam, Part, ask, stand_in
from gradus.grader.headlines import is_arity, raised, wrong_arity
from gradus.grader.replies import RaisedError, Reply, Returned, TraceFrame
from gradus.grader.wire import Handle, Path

_EMPTY = 10
_NUMBER = re.compile(r"nan|[-+]?(?:inf|\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)")

#: Kinds that a failing behaviour explains better than they explain themselves.
WEAK_KINDS = GENERIC_KINDS | {"not_repeatable", "not_finite", "wrong_item", "outside_band", "raised"}


@dataclass(frozen=True, eq=False)  # arrays inside have no truth value to compare by
class Miss:
    """A case on which the learner's answer is not the expected one."""

    part: Part
    case: Case
    index: int
    expected: Reply
    actual: Reply
    difference: Difference
    line: int | None = None
    trace: tuple[TraceFrame, ...] = ()


def compare_replies(part: Part, case: Case, expected: Reply, actual: Reply) -> Difference | None:
    """Compare two replies: values by the part's comparator, exceptions by their type."""
    if isinstance(expected, RaisedError):
        return _compare_raised(part, expected, actual)
    assert isinstance(expected, Returned)
    if isinstance(actual, RaisedError):
        return _unexpected(part, case, expected, actual)
    assert isinstance(actual, Returned)
    if actual.value is expected.value:  # the same bytes: the client knew the answer without reading it
        return None
    if isinstance(actual.value, Handle):
        return _handle(part, expected, actual.value)
    difference = part.compare(expected.value, actual.value)
    if difference is not None and difference.kind == "wrong_type" and difference.where:
        return Difference(
            difference.headline, "wrong_item", difference.detail, difference.expected_text, difference.actual_text,
            difference.where,
        )  # fmt: skip
    return difference


def _compare_raised(part: Part, expected: RaisedError, actual: Reply) -> Difference | None:
    wanted = expected.type.rpartition(".")[2]
    if isinstance(actual, RaisedError):
        names = {base.rpartition(".")[2] for base in actual.bases}
        if expected.type in actual.bases or wanted in names:
            return None
        given = actual.type.rpartition(".")[2]
        if given == "NotImplementedError":
            words = raised(part.name, actual)
            return Difference(words.headline, words.id, words.message, f"{wanted} is raised", f"{given} is raised")
        return Difference(
            f"`{part.name}` raises {given} here; {wanted} is expected.", "wrong_exception",
            clip(actual.message, 200), f"{wanted} is raised", f"{given} is raised",
        )  # fmt: skip
    value = show(actual.value) if isinstance(actual, Returned) else str(actual)
    return Difference(
        f"`{part.name}` should raise {wanted} here; yours returns {clip(value, 60)}.", "wrong_exception",
        "The input is not one that has an answer, and a caller must be told so.", f"{wanted} is raised", value,
    )  # fmt: skip


def _unexpected(part: Part, case: Case, expected: Returned, actual: RaisedError) -> Difference:
    wanted = show(expected.value)
    if actual.type == "driver":
        return Difference(
            "Your work gives something that cannot be used as the exercise says.", "wrong_item",
            clip(actual.message, 200), wanted, "",
        )  # fmt: skip
    if is_arity(actual, part.name):
        arguments = len(case.spec.args) + len(case.spec.kwargs)
        words = wrong_arity(part.name, actual, arguments, signature_of(part))
        return Difference(words.headline, words.id, words.message, wanted, f"TypeError: {clip(actual.message, 200)}")
    words = raised(part.name, actual)
    short = actual.type.rpartition(".")[2]
    return Difference(words.headline, words.id, words.message, wanted, clip(f"{short}: {actual.message}", 300))


def signature_of(part: Part) -> str:
    """Return how the reference's function is defined: `standardize(X)`."""
    import inspect

    try:
        signature = inspect.signature(part.reference)
        bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
        return f"{part.name}{inspect.Signature(bare)}"
    except (TypeError, ValueError, AttributeError):
        return f"{part.name}(…)"


def _handle(part: Part, expected: Returned, handle: Handle) -> Difference:
    wanted = kind_of(expected.value)
    name = handle.name or handle.type
    short = handle.type.rpartition(".")[2]
    if handle.kind == "function":
        headline = f"You return the function `{name}` itself; {wanted} is expected."
        detail = "Without parentheses a function is not called: it is handed over like any other object."
    elif handle.kind == "class":
        headline = f"You return the class `{name}` itself; {wanted} is expected."
        detail = "A class makes objects when it is called."
    elif short in ("generator", "map", "filter", "zip", "enumerate", "list_iterator", "dict_keys", "dict_values"):
        headline = f"You return a {short} object; {wanted} is expected."
        detail = "It is a promise of items, not the items. Put them into a list, or what is asked for, first."
    else:
        article = "an" if short[:1].lower() in "aeiou" else "a"
        headline = f"You return {article} {short} object; {wanted} is expected."
        detail = "Only plain values of the usual types are compared; an object of a class of its own is none."
    return Difference(headline, "returned_handle", detail, show(expected.value), f"<{short}>")


def name_misconception(
    exam: Exam, answers: Mapping[int, Sequence[Reply]], misses: Sequence[Miss]
) -> Misconception | None:
    """Return the first misconception that gives the learner's answer on every case of its function.

    ``answers`` holds, by part, the learner's replies. It must also differ from the reference on a case that the learner
    misses: one that no case can tell from the reference explains nothing.
    """
    checks = exam.checks
    missed = {(id(miss.part), miss.index) for miss in misses if miss.difference.kind != "input_changed"}
    if not missed:
        return None
    for wrong in checks.misconceptions:
        if _agrees(exam, checks, wrong, answers, missed):
            return wrong
    return None


def _agrees(
    exam: Exam,
    checks: CheckSet,
    wrong: Misconception,
    answers: Mapping[int, Sequence[Reply]],
    missed: set[tuple[int, int]],
) -> bool:
    name = wrong.of or checks.default_name
    parts = [(index, part) for index, part in enumerate(exam.parts) if part.name == name]
    telling = False
    runner = stand_in(checks, wrong)
    for only_missed in (True, False):
        for index, part in parts:
            replies = answers.get(index, ())
            for position, (case, given) in enumerate(zip(part.cases, replies, strict=False)):
                is_missed = (id(part), position) in missed
                if is_missed is not only_missed:
                    continue
                reply = next(ask(runner, part, [case.spec], trusted=True))
                if not same_answer(part, case, reply, given):
                    return False
                if is_missed and not telling:
                    telling = compare_replies(part, case, exam.expected(index)[position], reply) is not None
        if not telling:
            return False
    return True


def same_answer(part: Part, case: Case, expected: Reply, actual: Reply) -> bool:
    """Tell whether two replies agree; a misconception's own stumbling in the driver agrees with the same stumbling."""
    if isinstance(expected, RaisedError) and expected.type == "driver":
        return isinstance(actual, RaisedError) and actual.type == "driver"
    if not isinstance(expected, (Returned, RaisedError)) or not isinstance(actual, (Returned, RaisedError)):
        return False
    if isinstance(expected, Returned) and isinstance(expected.value, Handle):
        return isinstance(actual, Returned) and isinstance(actual.value, Handle)
    if isinstance(expected, Returned) and expected.value is None:
        return isinstance(actual, Returned) and actual.value is None
    try:
        return compare_replies(part, case, expected, actual) is None
    except Exception:
        return False  # a wrong reference may give what its comparator was never made for


def leading(misses: Sequence[Miss]) -> Miss:
    """Return the miss to show: the smallest of the kind that is met most often, ties going to the first met."""
    counts: dict[str, int] = {}
    for miss in misses:
        counts[miss.difference.kind] = counts.get(miss.difference.kind, 0) + 1
    kind = max(counts, key=lambda name: counts[name])
    return min((miss for miss in misses if miss.difference.kind == kind), key=lambda miss: weight(miss.case.spec.args))


def weight(value: object) -> int:
    """Return about how much there is to read in a value; an empty one is no simple example and weighs like ten."""
    size = getattr(value, "size", None)
    if isinstance(size, int):
        return 1 + size if size else _EMPTY
    if isinstance(value, (str, bytes)):
        return 1 + len(value) // 4
    if isinstance(value, Path):
        return 1 + len(value.content) // 4
    if isinstance(value, Mapping):
        return 1 + sum(1 + weight(item) for item in value.values()) if value else _EMPTY
    if isinstance(value, (list, tuple, set, frozenset)):
        return 1 + sum(weight(item) for item in value) if value else _EMPTY
    return 1


def printed_instead(expected: Reply, stdout: str) -> bool:
    """Tell whether the learner printed the answer that they did not return."""
    if not isinstance(expected, Returned) or not stdout.strip():
        return False
    value = expected.value
    if _same_numbers(value, stdout):
        return True
    texts = {str(value), repr(value), *show_pair(value, None)[:1], *(show(value, digits) for digits in (4, 6, 17))}
    lines = {"".join(line.split()) for line in (*stdout.splitlines(), stdout)}
    return any("".join(text.split()) in lines for text in texts if text.strip())


def _same_numbers(value: object, stdout: str) -> bool:
    """Tell whether exactly the answer's numbers stand in the output, however they are laid out."""
    try:
        wanted = np.asarray(value, dtype=float).ravel()
    except (TypeError, ValueError):
        return False
    if wanted.size == 0 or wanted.size > 1000:
        return False
    given = [float(number) for number in _NUMBER.findall(stdout)]
    return len(given) == wanted.size and bool(np.allclose(given, wanted, rtol=1e-4, atol=1e-6, equal_nan=True))
