"""Numbers and arrays: kind, shape, dtype kind, finiteness, then values within a tolerance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradus.checks.compare_base import CELLS, Difference, Place, Rules, different
from gradus.checks.show import count, is_sparse, kind_of, number, shape_text, show_pair

Array = np.ndarray[Any, Any]

_NOUNS = {"b": "True and False", "i": "whole numbers", "f": "fractions (floats)", "c": "complex numbers", "S": "text",
          "M": "dates", "m": "durations", "O": "Python objects"}  # fmt: skip
#: Below this, a value is what rounding leaves of zero.
_DUST = 1e-12
_ABSOLUTE = 1e-9
_SINGLE_RTOL, _SINGLE_ATOL = 2e-4, 2e-5


def compare_numbers(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Compare two scalars. An equal int is fine where a float is wanted; True is not 1."""
    if type(actual) is np.ndarray and actual.ndim == 0:
        actual = actual[()]
    problem = _number_kind(expected, actual, rules, place)
    if problem is not None:
        return problem
    if isinstance(expected, (bool, np.bool_)):
        same = bool(expected) == bool(actual)
    elif isinstance(expected, (int, np.integer)) and isinstance(actual, (int, np.integer)):
        same = int(expected) == int(actual)
    else:
        return _compare_floats(expected, actual, rules, place)
    if same:
        return None
    left, right = show_pair(expected, actual)
    return different(f"{place.subject} is {right}; {left} is expected.", "wrong_value", expected, actual)


def _number_kind(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    wanted, given = _scalar_kind(expected), _scalar_kind(actual)
    if wanted == given or (wanted == "f" and given == "i") or (wanted == "c" and given in ("i", "f")):
        return None
    if given is not None and given != "b" and wanted != "b" and not rules.kinds:
        return None
    right = show_pair(expected, actual)[1]
    if given == "f" and wanted == "i":
        headline = f"{place.subject} is {right}, a float; a whole number (an int) is expected."
    elif given == "b":
        headline = f"{place.subject} is {right}; a number is expected, not True or False."
    elif wanted == "b" and given is not None:
        headline = f"{place.subject} is the number {right}; True or False is expected."
    else:
        headline = f"{place.subject} is {kind_of(actual)}; {kind_of(expected)} is expected."
    return different(headline, "wrong_type", expected, actual)


def _scalar_kind(value: Any) -> str | None:
    if isinstance(value, (bool, np.bool_)):
        return "b"
    if isinstance(value, (int, np.integer)):
        return "i"
    if isinstance(value, (float, np.floating)):
        return "f"
    if isinstance(value, (complex, np.complexfloating)):
        return "c"
    return None


def _compare_floats(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    if isinstance(expected, (complex, np.complexfloating)):
        return compare_arrays(np.asarray(expected), np.asarray(complex(actual)), rules, place)
    try:
        wanted, given = float(expected), float(actual)
    except OverflowError:
        wanted, given = math.nan, 0.0  # an int beyond every float is not close to a float
    if not rules.signed:
        wanted, given = abs(wanted), abs(given)
    if wanted == given or (math.isnan(wanted) and math.isnan(given)):
        return None
    single = any(isinstance(value, (np.float32, np.float16)) for value in (expected, actual))
    rtol, atol = _tolerances(rules, abs(wanted) if math.isfinite(wanted) else 0.0, single)
    if math.isfinite(wanted) and math.isfinite(given) and abs(wanted - given) <= atol + rtol * abs(wanted):
        return None
    left, right = show_pair(expected, actual)
    if math.isfinite(wanted) and not math.isfinite(given):
        return different(f"{place.subject} is {right}; {left} is expected.", "not_finite", expected, actual)
    kind = "integer_result" if isinstance(actual, (int, np.integer)) and abs(wanted - given) < 1 else "wrong_value"
    headline = f"{place.subject} is {right}; {left} is expected."
    if kind == "integer_result":
        headline = f"{place.subject} is the whole number {right}; {left} is expected."
    return different(headline, kind, expected, actual, detail=_relation_of(wanted, given))


def _relation_of(wanted: float, given: float) -> str:
    if not (math.isfinite(wanted) and math.isfinite(given)) or wanted == 0 or given == 0:
        return ""
    if math.isclose(wanted, -given, rel_tol=1e-6):
        return "It has the opposite sign."
    for power in (10, 100, 1000):
        if math.isclose(given, wanted * power, rel_tol=1e-6):
            return f"It is {power} times the expected value."
        if math.isclose(given * power, wanted, rel_tol=1e-6):
            return f"The expected value is {power} times yours."
    return ""


def _tolerances(rules: Rules, scale: float, single: bool) -> tuple[float, float]:
    """Return rtol and atol. Without an explicit atol it follows the answer's scale, between dust and 1e-9.

    An answer that is zero throughout has no scale: there 1e-9 counts as zero, too.
    """
    rtol = rules.rtol
    atol = rules.atol
    if atol is None:
        atol = _ABSOLUTE if scale <= _DUST else min(_ABSOLUTE, max(_DUST, 1e-6 * scale))
    if single and rtol > 0:
        rtol, atol = max(rtol, _SINGLE_RTOL), max(atol, _SINGLE_ATOL * scale)
    return rtol, atol


def dtype_kind(array: Array) -> str:
    """Return NumPy's dtype kind with its synonyms merged: b, i (unsigned too), f, c, S (all text), M, m, O."""
    kind = array.dtype.kind
    return {"u": "i", "U": "S", "T": "S"}.get(kind, str(kind))


def compare_arrays(expected: Array, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Compare a NumPy array with whatever the learner returned."""
    if type(actual) is not np.ndarray:
        return _not_an_array(expected, actual, place)
    if expected.shape != actual.shape:
        return wrong_shape(expected, actual, place)
    wanted, given = dtype_kind(expected), dtype_kind(actual)
    if wanted != given and (rules.kinds or {wanted, given} - set("if")) and expected.size:
        return _wrong_dtype(expected, actual, wanted, given, place)
    if expected.size == 0:
        return None
    if wanted in "ifc" and given in "ifc":
        return _compare_numeric(expected, actual, rules, place)
    with np.errstate(all="ignore"):
        same = np.asarray(expected == actual, dtype=bool)
    if expected.dtype.kind in "Mm":
        same |= np.isnat(expected) & np.isnat(actual)
    if same.shape == expected.shape and same.all():
        return None
    return _differing(expected, actual, ~same, place)


def _not_an_array(expected: Array, actual: Any, place: Place) -> Difference:
    return different(
        f"{place.subject} is {kind_of(actual)}; a NumPy array of shape {shape_text(expected.shape)} is expected.",
        "wrong_type",
        expected,
        actual,
    )


def wrong_shape(expected: Array, actual: Array, place: Place) -> Difference:
    """Say which shape is expected, and whether the answer is only transposed, flat, or a column."""
    wanted, given = shape_text(expected.shape), shape_text(actual.shape)
    detail = ""
    if expected.ndim == actual.ndim == 2 and expected.shape == actual.shape[::-1] and _same(expected, actual.T):
        detail = "The values are right, but rows and columns are exchanged."
    elif expected.size == actual.size and _same(expected.ravel(), actual.ravel()):
        detail = "The values are right; only their arrangement is not."
    elif expected.ndim == 1 and actual.ndim == 2 and actual.shape == (len(expected), len(expected)) and len(expected):
        detail = "A shape (n,) met a shape (n, 1): NumPy broadcast the two to (n, n)."
    return different(
        f"{place.subject} has shape {given}; shape {wanted} is expected.", "wrong_shape", expected, actual,
        detail=detail,
    )  # fmt: skip


def _same(left: Array, right: Array) -> bool:
    try:
        return bool(np.allclose(left.astype(float), right.astype(float), rtol=1e-6, equal_nan=True))
    except (TypeError, ValueError):
        return bool(np.array_equal(left, right))


def _wrong_dtype(expected: Array, actual: Array, wanted: str, given: str, place: Place) -> Difference:
    if wanted == "f" and given == "i":
        detail = "Numbers after the point were cut off on the way: integer arrays cannot hold them."
        if _same(expected, actual):
            detail = "The numbers are right here, but an integer array cannot hold a fraction when one comes."
        return different(
            f"{place.subject} holds whole numbers (dtype {actual.dtype}); floats are expected.", "integer_result",
            expected, actual, detail=detail,
        )  # fmt: skip
    return different(
        f"{place.subject} holds {_NOUNS.get(given, given)} (dtype {actual.dtype}); "
        f"{_NOUNS.get(wanted, wanted)} are expected.",
        "wrong_dtype", expected, actual,
    )  # fmt: skip


def _compare_numeric(expected: Array, actual: Array, rules: Rules, place: Place) -> Difference | None:
    integers = expected.dtype.kind in "iu" and actual.dtype.kind in "iu"
    if not rules.signed:
        expected, actual = np.abs(expected), np.abs(actual)
    with np.errstate(all="ignore"):
        same = expected == actual
        if integers or same.all():
            return None if same.all() else _differing(expected, actual, ~same, place)
        finite = np.isfinite(expected)
        scale = float(np.abs(expected[finite]).max()) if finite.any() else 0.0
        single = expected.dtype.itemsize <= 4 and expected.dtype.kind == "f"
        single = single or (actual.dtype.itemsize <= 4 and actual.dtype.kind == "f")
        rtol, atol = _tolerances(rules, scale, single)
        same |= finite & (np.abs(actual - expected) <= atol + rtol * np.abs(expected))
        same |= np.isnan(expected) & np.isnan(actual)
    if same.all():
        return None
    lost = finite & ~np.isfinite(actual)
    if lost.any():
        bad = actual[lost].flat[0]
        total = int(lost.sum())
        headline = (
            f"{place.subject} is {number(bad)} where a number is expected."
            if actual.size == 1
            else f"{place.subject} holds {number(bad)} in {total} of {count(actual.size, 'place')} "
            "where numbers are expected."
        )
        return different(headline, "not_finite", expected, actual, where=cells_of(lost))
    return _differing(expected, actual, ~same, place)


def cells_of(mask: Array) -> tuple[tuple[int, ...], ...]:
    """Return the positions at which a mask holds, in order, at most as many as are kept."""
    if mask.ndim == 0:
        return ((),)
    positions = np.unravel_index(np.flatnonzero(mask)[:CELLS], mask.shape)
    return tuple(zip(*(axis.tolist() for axis in positions), strict=True))


def _differing(expected: Array, actual: Array, wrong: Array, place: Place) -> Difference:
    cells = cells_of(wrong)
    first = cells[0]
    left, right = show_pair(expected[first], actual[first])
    total = int(wrong.sum())
    where = "[" + ", ".join(str(i) for i in first) + "]" if first else ""
    if not first or expected.size == 1:
        headline = f"{place.subject} is {right}; {left} is expected."
    else:
        headline = f"{place.subject} at {where} is {right}; {left} is expected."
    detail = relation(expected, actual)
    if not detail and expected.size > 1:
        detail = f"{total:,} of {count(expected.size, 'value')} {'differs' if total == 1 else 'differ'}."
    difference = different(headline, "wrong_value", expected, actual, detail=detail, where=cells)
    if expected.size > 60 and difference.expected_text == difference.actual_text:
        return _window(difference, expected, actual, first)
    return difference


def _window(difference: Difference, expected: Array, actual: Array, first: tuple[int, ...]) -> Difference:
    """Show the neighborhood of the first differing cell when the cut shows no difference."""
    row = first[:-1]
    start = max(0, first[-1] - 2)
    left, right = show_pair(expected[row][start : start + 5], actual[row][start : start + 5])
    label = "[" + ", ".join([*(str(i) for i in row), f"{start}:{start + 5}"]) + "] is "
    return Difference(
        difference.headline, difference.kind, difference.detail, label + left, label + right, difference.where
    )


def relation(expected: Array, actual: Array) -> str:
    """Say what simple step leads from the expected answer to the given one, if there is one."""
    with np.errstate(all="ignore"):
        return _relation(expected, actual)


def _relation(expected: Array, actual: Array) -> str:
    if expected.size < 2 or expected.dtype.kind not in "iuf" or actual.dtype.kind not in "iuf":
        return ""
    a, b = expected.astype(float).ravel(), actual.astype(float).ravel()
    if not (np.isfinite(a).all() and np.isfinite(b).all()) or np.ptp(a) == 0:
        return ""
    if _near(b, -a):
        return "Every value has the opposite sign."
    if _near(np.sort(a), np.sort(b)):
        if expected.ndim == 2 and expected.shape[0] == expected.shape[1] and _near(expected, actual.T):
            return "Rows and columns are exchanged."
        return "The values are right, but they stand in another order."
    if _near(b - a, b[0] - a[0]):
        return f"Every value is {number(abs(b[0] - a[0]), 4)} too {'large' if b[0] > a[0] else 'small'}."
    if a.any():
        peak = int(np.argmax(np.abs(a)))
        factor = b[peak] / a[peak]
        if factor != 0 and _near(b, a * factor):
            return f"Every value is {number(factor, 4)} times the expected one."
    return ""


def _near(left: Any, right: Any) -> bool:
    return bool(np.allclose(left, right, rtol=1e-6, atol=1e-9))


def compare_sparse(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Compare two sparse matrices of any formats by what they hold; an explicit zero is a zero."""
    if not is_sparse(actual):
        return different(
            f"{place.subject} is {kind_of(actual)}; a SciPy sparse matrix is expected.", "wrong_type", expected, actual
        )
    if expected.shape != actual.shape:
        wanted, given = shape_text(expected.shape), shape_text(actual.shape)
        return different(
            f"{place.subject} has shape {given}; shape {wanted} is expected.", "wrong_shape", expected, actual
        )
    rows, columns = expected.shape if len(expected.shape) == 2 else (1, expected.shape[0])
    if rows * columns <= 2_000_000:
        return compare_arrays(expected.toarray(), actual.toarray(), rules, place)
    stored = _triples(actual)
    return None if _triples(expected) == stored else different(
        f"{place.subject} holds {count(len(stored), 'stored value')}; they differ from the expected ones.",
        "wrong_value", expected, actual,
    )  # fmt: skip


def _triples(matrix: Any) -> dict[tuple[int, int], float]:
    coordinates = matrix.tocoo(copy=True)
    coordinates.sum_duplicates()
    cells = zip(coordinates.row.tolist(), coordinates.col.tolist(), coordinates.data.tolist(), strict=True)
    return {(row, column): round(value, 9) for row, column, value in cells if value != 0}
