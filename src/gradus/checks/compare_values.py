"""The default comparison: dispatch on the expected value's type, and the plain containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradus.checks.compare_arrays import compare_arrays, compare_numbers, compare_sparse
from gradus.checks.compare_base import TOP, Difference, Place, Rules, different
from gradus.checks.compare_drawing import compare_drawings
from gradus.checks.show import count, is_pandas, is_sparse, kind_of, show


def compare_values(expected: Any, actual: Any, rules: Rules, place: Place = TOP) -> Difference | None:
    """Compare any two values by the rules; None when they agree."""
    if type(expected).__name__ == "Drawing":
        return compare_drawings(expected, actual, place=place)
    if actual is None and expected is not None:
        return _returned_none(expected, place)
    if isinstance(expected, np.ndarray):
        return compare_arrays(expected, actual, rules, place)
    if isinstance(expected, (bool, int, float, complex, np.number, np.bool_)):
        return compare_numbers(expected, actual, rules, place)
    if isinstance(expected, str):
        return _compare_text(expected, actual, place)
    if type(actual).__name__ == "Record":  # a named tuple is a tuple
        actual = actual.values
    if type(expected).__name__ == "Record":
        expected = expected.values
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(expected, actual, rules, place)
    if isinstance(expected, dict):
        return _compare_dicts(expected, actual, rules, place)
    if isinstance(expected, (set, frozenset)):
        return _compare_sets(expected, actual, rules, place)
    if is_pandas(expected, "DataFrame", "Series", "Index"):
        from gradus.checks.compare_frames import compare_pandas

        return compare_pandas(expected, actual, rules, place)
    if is_sparse(expected):
        return compare_sparse(expected, actual, rules, place)
    return _compare_others(expected, actual, place)


def _returned_none(expected: Any, place: Place) -> Difference:
    if place.steps:
        return different(f"{place.subject} is None; {kind_of(expected)} is expected.", "wrong_type", expected, None)
    return different(
        f"Your function returns None; {kind_of(expected)} is expected.", "returned_none", expected, None,
        detail="A function without a `return` that is reached gives None.",
    )  # fmt: skip


def wrong_type(expected: Any, actual: Any, place: Place) -> Difference:
    """Say what kind of value is expected and which one was given."""
    return different(
        f"{place.subject} is {kind_of(actual)}; {kind_of(expected)} is expected.", "wrong_type", expected, actual
    )


def _compare_text(expected: str, actual: Any, place: Place) -> Difference | None:
    if not isinstance(actual, str):
        return wrong_type(expected, actual, place)
    if str(expected) == str(actual):
        return None
    headline = f"{place.subject} is {show(actual)}; {show(expected)} is expected."
    if len(headline) > 160:
        at = next((i for i, (a, b) in enumerate(zip(expected, actual, strict=False)) if a != b), None)
        at = min(len(expected), len(actual)) if at is None else at
        headline = f"{place.subject} differs from the expected text from character {at} on."
    return different(headline, "wrong_text", expected, actual, detail=_text_relation(expected, actual))


def _text_relation(expected: str, actual: str) -> str:
    if expected.split() == actual.split():
        return "Only spaces or line breaks differ."
    if expected.casefold() == actual.casefold():
        return "Only capital letters differ."
    if expected.strip(".,;:!?\"'") == actual.strip(".,;:!?\"'"):
        return "Only punctuation at the ends differs."
    return ""


def _compare_sequences(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    wanted = list if isinstance(expected, list) else tuple
    if not rules.containers and isinstance(actual, (list, tuple, np.ndarray)):
        actual = wanted(actual)
    if not isinstance(actual, wanted):
        return wrong_type(expected, actual, place)
    if len(expected) != len(actual):
        return _wrong_length(expected, actual, place)
    if not rules.order:
        return _compare_unordered(expected, actual, rules, place)
    if not rules.signed or len(expected) <= 64 or not _plain_numbers(expected):
        for position, (a, b) in enumerate(zip(expected, actual, strict=True)):
            difference = compare_values(a, b, rules, place.item(position))
            if difference is not None:
                return _whole(difference, expected, actual, (position,), place)
        return None
    return _compare_long(expected, actual, rules, place)


def _plain_numbers(values: Sequence[Any]) -> bool:
    return all(type(value) is float for value in values)


def _compare_long(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Compare long lists of floats as arrays, and say where they differ item by item only when they do."""
    if _plain_numbers(actual):
        problem = compare_arrays(np.array(expected), np.array(actual), rules, place)
        if problem is None:
            return None
    for position, (a, b) in enumerate(zip(expected, actual, strict=True)):
        difference = compare_values(a, b, rules, place.item(position))
        if difference is not None:
            return _whole(difference, expected, actual, (position,), place)
    return None


def _whole(difference: Difference, expected: Any, actual: Any, step: tuple[int | str, ...], place: Place) -> Difference:
    """Show the whole answer, not only the item, once the outermost container is reached."""
    where = tuple((*step, *cell) for cell in difference.where) or (step,)
    if place.steps:
        return Difference(
            difference.headline, difference.kind, difference.detail, difference.expected_text, difference.actual_text,
            where,
        )  # fmt: skip
    whole = different(difference.headline, difference.kind, expected, actual, detail=difference.detail, where=where)
    if whole.expected_text == whole.actual_text:
        return Difference(
            difference.headline, difference.kind, difference.detail, difference.expected_text, difference.actual_text,
            where,
        )  # fmt: skip
    return whole


def _wrong_length(expected: Any, actual: Any, place: Place) -> Difference:
    return different(
        f"{place.subject} has {count(len(actual), 'item')}; {len(expected):,} {_is_are(len(expected))} expected.",
        "wrong_length", expected, actual,
    )  # fmt: skip


def _is_are(amount: int) -> str:
    return "is" if amount == 1 else "are"


def _compare_unordered(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Match items in any order: sorted where they sort, by search otherwise."""
    left = list(actual)
    for wanted in expected:
        for position, given in enumerate(left):
            if compare_values(wanted, given, rules) is None:
                del left[position]
                break
        else:
            return different(
                f"{place.subject} lacks {show(wanted)}, which is expected somewhere in it.", "wrong_items", expected,
                actual, detail=f"In its place you have {show(left[0])}." if len(left) == 1 else "",
            )  # fmt: skip
    return None


def _compare_dicts(expected: dict[Any, Any], actual: Any, rules: Rules, place: Place) -> Difference | None:
    if not isinstance(actual, dict):
        return wrong_type(expected, actual, place)
    missing = [key for key in expected if key not in actual]
    extra = [key for key in actual if key not in expected]
    if missing or extra:
        return _wrong_keys(expected, actual, missing, extra, place)
    given_keys = {key: key for key in actual}
    for key, wanted in expected.items():
        if isinstance(key, bool) != isinstance(given_keys[key], bool):
            return _wrong_keys(expected, actual, [key], [given_keys[key]], place)
        difference = compare_values(wanted, actual[key], rules, place.key(show(key)))
        if difference is not None:
            step = key if isinstance(key, (int, str)) else show(key)
            return _whole(difference, expected, actual, (step,), place)
    return None


def _wrong_keys(expected: Any, actual: Any, missing: list[Any], extra: list[Any], place: Place) -> Difference:
    if missing and extra:
        headline = f"{place.subject} has the key {show(extra[0])}; {show(missing[0])} is expected."
    elif missing:
        headline = f"{place.subject} lacks the key {show(missing[0])}."
    else:
        headline = f"{place.subject} has the key {show(extra[0])}, which is not expected."
    detail = ""
    if missing and any(str(key) == str(other) for key in missing for other in extra):
        detail = "The keys look alike but are of different types, a number and a string."
    return different(headline, "wrong_keys", expected, actual, detail=detail)


def _compare_sets(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    if not isinstance(actual, (set, frozenset)):
        return wrong_type(expected, actual, place)
    missing, extra = expected - actual, actual - expected
    if not missing and not extra:
        return None
    if missing:
        headline = f"{place.subject} lacks {show(sorted(missing, key=repr)[0])}."
    else:
        headline = f"{place.subject} holds {show(sorted(extra, key=repr)[0])}, which is not expected."
    return different(headline, "wrong_items", expected, actual)


def _compare_others(expected: Any, actual: Any, place: Place) -> Difference | None:
    """Compare values that have nothing inside them: None, bytes, dates, slices, ranges."""
    if type(expected) is not type(actual):
        return wrong_type(expected, actual, place)
    if type(expected).__name__ in ("NaTType", "NAType"):
        return None
    if expected == actual:
        return None
    left, right = show(expected), show(actual)
    return different(f"{place.subject} is {right}; {left} is expected.", "wrong_value", expected, actual)
