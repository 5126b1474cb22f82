"""pandas: columns, index, kinds of dtype, then values."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradus.checks.compare_arrays import cells_of, compare_arrays
from gradus.checks.compare_base import TOP, Difference, Place, Rules, different
from gradus.checks.show import count, is_pandas, kind_of, show

_NOUNS = {"b": "True and False", "i": "whole numbers", "f": "floats", "c": "complex numbers", "S": "text",
          "M": "dates", "m": "durations", "O": "mixed objects", "category": "categories"}  # fmt: skip


def compare_pandas(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    """Compare a DataFrame, Series or Index with whatever the learner returned."""
    wanted = next(name for name in ("DataFrame", "Series", "Index") if is_pandas(expected, name))
    if not is_pandas(actual, wanted):
        return different(
            f"{place.subject} is {kind_of(actual)}; {kind_of(expected)} is expected.", "wrong_type", expected, actual
        )
    if _identical(wanted, expected, actual):
        return None
    if wanted == "Index":
        return _compare_labels(expected, actual, "label", expected, actual, rules, place)
    if wanted == "Series":
        return _compare_series(expected, actual, rules, place)
    return _compare_frames(expected, actual, rules, place)


def _identical(kind: str, expected: Any, actual: Any) -> bool:
    """Tell at once that nothing at all differs: dtypes, values, labels and their names. The usual case, and fast."""
    if not expected.equals(actual):
        return False
    if kind == "Index":
        return list(expected.names) == list(actual.names)
    if list(expected.index.names) != list(actual.index.names):
        return False
    if kind == "Series":
        return bool(expected.name == actual.name)
    return list(expected.columns.names) == list(actual.columns.names)


def _compare_series(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    if len(expected) != len(actual):
        return _wrong_rows(expected, actual, "value", place)
    if not rules.order:
        expected, actual = _sorted(expected, rules), _sorted(actual, rules)
    if rules.index:
        problem = _compare_labels(expected.index, actual.index, "index label", expected, actual, rules, place)
        if problem is not None:
            return problem
    if rules.names and expected.name != actual.name:
        return different(
            f"{place.subject} is named {show(actual.name)}; {show(expected.name)} is expected.", "wrong_columns",
            expected, actual,
        )  # fmt: skip
    return _compare_columns(expected, actual, rules, place, expected, actual)


def _compare_frames(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    problem = _compare_column_names(expected, actual, rules, place)
    if problem is not None:
        return problem
    if len(expected) != len(actual):
        return _wrong_rows(expected, actual, "row", place)
    if list(expected.columns) != list(actual.columns):
        actual = actual[list(expected.columns)]
    if not rules.order:
        expected, actual = _sorted(expected, rules), _sorted(actual, rules)
    if rules.index:
        problem = _compare_labels(expected.index, actual.index, "index label", expected, actual, rules, place)
        if problem is not None:
            return problem
    for position, name in enumerate(expected.columns):
        difference = _compare_columns(
            expected.iloc[:, position], actual.iloc[:, position], rules, place.column(show(name)), expected, actual
        )
        if difference is not None:
            where = tuple((*cell, str(name)) for cell in difference.where)
            return different(
                difference.headline, difference.kind, expected, actual, detail=difference.detail, where=where
            )
    return None


def _compare_column_names(expected: Any, actual: Any, rules: Rules, place: Place) -> Difference | None:
    wanted, given = list(expected.columns), list(actual.columns)
    if wanted == given:
        return None
    missing = [name for name in wanted if name not in given]
    extra = [name for name in given if name not in wanted]
    if missing and extra:
        headline = f"{place.subject} has a column {show(extra[0])}; {show(missing[0])} is expected."
    elif missing:
        headline = f"{place.subject} lacks the column {show(missing[0])}."
    elif extra:
        headline = f"{place.subject} has a column {show(extra[0])}, which is not expected."
    elif len(wanted) != len(given):
        headline = f"{place.subject} has {count(len(given), 'column')}; {len(wanted)} are expected."
    elif rules.columns and rules.order:
        headline = f"{place.subject} has its columns in the order {show(given)}; {show(wanted)} is expected."
    else:
        return None
    return different(headline, "wrong_columns", expected, actual)


def _wrong_rows(expected: Any, actual: Any, noun: str, place: Place) -> Difference:
    advice = (
        "Rows are lost on the way: by a filter that is too strict, an inner join, or `dropna` over every column."
        if len(actual) < len(expected)
        else "There are more rows than the answer has: a join whose keys repeat multiplies them, and a filter that is "
        "left out keeps them."
    )
    return different(
        f"{place.subject} has {count(len(actual), noun)}; {len(expected):,} {'is' if len(expected) == 1 else 'are'} "
        "expected.",
        "wrong_shape", expected, actual, detail=advice,
    )  # fmt: skip


def _compare_labels(
    wanted: Any, given: Any, noun: str, expected: Any, actual: Any, rules: Rules, place: Place
) -> Difference | None:
    if len(wanted) != len(given):
        return _wrong_rows(wanted, given, noun, place)
    if wanted.nlevels != given.nlevels:
        return different(
            f"{place.subject} has an index of {count(given.nlevels, 'level')}; {wanted.nlevels} expected.",
            "wrong_index", expected, actual,
        )  # fmt: skip
    if not wanted.equals(given):
        difference = _first_label(wanted, given, noun, expected, actual, place)
        if difference is not None:
            return difference
    if rules.names and list(wanted.names) != list(given.names):
        return different(
            f"{place.subject}'s index is named {show(given.name)}; {show(wanted.name)} is expected.", "wrong_index",
            expected, actual,
        )  # fmt: skip
    return None


def _first_label(wanted: Any, given: Any, noun: str, expected: Any, actual: Any, place: Place) -> Difference | None:
    for position, (a, b) in enumerate(zip(wanted.tolist(), given.tolist(), strict=True)):
        if a == b or (a != a and b != b):
            continue
        if isinstance(a, float) and isinstance(b, (int, float)) and abs(a - b) <= 1e-9 + 1e-6 * abs(a):
            continue
        detail = ""
        if _same_labels(wanted, given):
            detail = "The labels are right, but they stand in another order."
        elif _is_range(wanted):
            detail = "The rows kept the labels they had before; the index is expected to count from 0."
        return different(
            f"{place.subject}'s {noun} {position} is {show(b)}; {show(a)} is expected.", "wrong_index", expected,
            actual, detail=detail,
        )  # fmt: skip
    return None


def _same_labels(wanted: Any, given: Any) -> bool:
    try:
        return sorted(wanted.tolist()) == sorted(given.tolist())
    except TypeError:
        return False


def _is_range(index: Any) -> bool:
    return bool(index.nlevels == 1 and index.tolist() == list(range(len(index))))


def _compare_columns(
    expected: Any, actual: Any, rules: Rules, place: Place, whole: Any, whole_actual: Any
) -> Difference | None:
    """Compare two Series by the kind of their dtype, where values are missing, and the values present."""
    wanted, given = series_kind(expected), series_kind(actual)
    if wanted == "category" and given == "S":
        wanted = "S"
    if wanted == "S" and given == "category":
        given = "S"
    if wanted != given and len(expected) and (rules.kinds or {wanted, given} - set("if")):
        kind = "integer_result" if (wanted, given) == ("f", "i") else "wrong_dtype"
        return different(
            f"{place.subject} holds {_NOUNS.get(given, given)} (dtype {actual.dtype}); "
            f"{_NOUNS.get(wanted, wanted)} are expected.",
            kind, whole, whole_actual,
        )  # fmt: skip
    missing, lost = expected.isna().to_numpy(), actual.isna().to_numpy()
    if (missing != lost).any():
        return _wrong_missing(missing, lost, whole, whole_actual, place)
    present = ~missing
    left, right = _plain(expected[present], wanted), _plain(actual[present], given)
    problem = compare_arrays(left, right, rules.but(kinds=False), place)
    if problem is None:
        return None
    rows = np.flatnonzero(present)
    where = tuple((int(rows[cell[0]]),) for cell in problem.where if cell and isinstance(cell[0], int))
    return different(problem.headline, problem.kind, whole, whole_actual, detail=problem.detail, where=where)


def _wrong_missing(missing: Any, lost: Any, expected: Any, actual: Any, place: Place) -> Difference:
    wrong = missing != lost
    headline = (
        f"{place.subject} has {count(int(lost.sum()), 'missing value')}; {int(missing.sum())} "
        f"{'is' if missing.sum() == 1 else 'are'} expected."
        if missing.sum() != lost.sum()
        else f"{place.subject} has its missing values in other rows than expected."
    )
    kind = "not_finite" if lost.sum() > missing.sum() else "wrong_value"
    return different(headline, kind, expected, actual, where=cells_of(wrong))


def series_kind(series: Any) -> str:
    """Return the kind of a Series' dtype as for arrays, pandas' extension types included."""
    dtype = series.dtype
    name = str(dtype)
    if name == "category":
        return "category"
    if name in ("str", "string") or name.startswith("string"):
        return "S"
    kind = getattr(dtype, "kind", "O")
    if kind == "O":
        present = series[series.notna()]
        if len(present) and all(isinstance(value, str) for value in present):
            return "S"
    return {"u": "i", "U": "S"}.get(kind, kind)


def _plain(series: Any, kind: str) -> np.ndarray[Any, Any]:
    if kind == "i":
        return np.asarray(series.to_numpy(dtype="int64", na_value=0) if series.hasnans else series.to_numpy("int64"))
    if kind == "f":
        return np.asarray(series.to_numpy(dtype="float64"))
    if kind == "b":
        return np.asarray(series.to_numpy(dtype="bool"))
    if kind in "Mm":
        return np.asarray(series.astype("int64") if getattr(series.dt, "tz", None) is not None else series.to_numpy())
    return np.asarray(series.astype(object).to_numpy(), dtype=object)


def _sorted(value: Any, rules: Rules) -> Any:
    """Return a frame or series with its rows in an order of their own content, for comparing without order."""
    if rules.index:
        return value.sort_index(kind="stable")
    if is_pandas(value, "Series"):
        return value.sort_values(kind="stable", key=_sort_key).reset_index(drop=True)
    return value.sort_values(list(value.columns), kind="stable", key=_sort_key).reset_index(drop=True)


def _sort_key(column: Any) -> Any:
    if series_kind(column) == "f":
        return column.round(9)
    return column.astype(str) if column.dtype == object else column


def compare_frames_by(rules: Rules) -> Any:
    """Return a comparator for frames and series with the given rules."""

    def comparator(expected: Any, actual: Any) -> Difference | None:
        from gradus.checks.compare_values import compare_values

        return compare_values(expected, actual, rules, TOP)

    return comparator
