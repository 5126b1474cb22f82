"""Comparators: each takes (expected, actual) and returns None, or the `Difference` that the learner is told.

Pass one to `@cases(compare=...)`. Without one, `close()` compares: type, shape, dtype kind, finiteness, then values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gradus.checks.compare_base import GENERIC_KINDS, TOP, Cell, Comparator, Difference, Rules, different
from gradus.checks.compare_drawing import ALL_PARTS, compare_drawings
from gradus.checks.compare_samples import band
from gradus.checks.compare_values import compare_values

__all__ = [
    "GENERIC_KINDS",
    "Cell",
    "Comparator",
    "Difference",
    "all_of",
    "band",
    "close",
    "different",
    "exact",
    "frame",
    "same_drawing",
    "satisfies",
    "unordered",
    "up_to_sign",
]


def close(rtol: float = 1e-6, atol: float | None = None, *, kinds: bool = True, containers: bool = True) -> Comparator:
    """Return the default comparator, with other tolerances.

    Without `atol`, values of an answer are compared to within 1e-9 (less where the whole answer is small; below 1e-12
    everything counts as zero); float32 answers get the tolerance that float32 needs. With ``kinds=False`` ints and
    floats may stand for each other; with ``containers=False`` a list, a tuple and an array may.
    """
    rules = Rules(rtol=rtol, atol=atol, kinds=kinds, containers=containers)
    return _by(rules)


def exact() -> Comparator:
    """Return a comparator without any tolerance, for answers that are copied or counted, not computed."""
    return _by(Rules(rtol=0.0, atol=0.0))


def unordered(rtol: float = 1e-6, atol: float | None = None) -> Comparator:
    """Return a comparator for lists and tuples whose items may come in any order, and for arrays in any row order."""
    rules = Rules(rtol=rtol, atol=atol, order=False)

    def comparator(expected: Any, actual: Any) -> Difference | None:
        import numpy as np

        if isinstance(expected, np.ndarray) and type(actual) is np.ndarray and expected.shape == actual.shape:
            return compare_values(_rows_sorted(expected), _rows_sorted(actual), rules)
        return compare_values(expected, actual, rules)

    return comparator


def frame(
    *, order: bool = True, index: bool = True, columns: bool = True, names: bool = True, kinds: bool = True,
    rtol: float = 1e-6, atol: float | None = None,
) -> Comparator:  # fmt: skip
    """Return a comparator for pandas frames and series.

    ``order=False``: rows in any order; ``index=False``: whatever index; ``columns=False``: columns in any order;
    ``names=False``: whatever names of series and index; ``kinds=False``: ints and floats may stand for each other.
    """
    return _by(Rules(rtol=rtol, atol=atol, kinds=kinds, order=order, index=index, columns=columns, names=names))


def up_to_sign(axis: int | None = None, rtol: float = 1e-6, atol: float | None = None) -> Comparator:
    """Return a comparator for answers whose sign is arbitrary, such as eigenvectors and principal directions.

    ``axis`` is the axis along which one vector runs (0: each column is a vector of its own, 1: each row), None: the
    whole answer has one sign.
    """

    def comparator(expected: Any, actual: Any) -> Difference | None:
        import numpy as np

        rules = Rules(rtol=rtol, atol=atol)
        if type(actual) is np.ndarray and isinstance(expected, np.ndarray) and actual.shape == expected.shape:
            if actual.dtype.kind in "fiu" and np.isfinite(actual).all():
                # The sign that brings each vector nearest to the expected one; a vector of zeros keeps its own.
                dots = np.sum(expected * actual, axis=axis, keepdims=True) if actual.ndim else expected * actual
                actual = actual * np.where(dots < 0, -1.0, 1.0).astype(actual.dtype)
        elif isinstance(expected, float) and isinstance(actual, float):
            rules = rules.but(signed=False)
        return compare_values(expected, actual, rules)

    return comparator


def same_drawing(parts: Iterable[str] = ("bars", "lines", "points", "labels"), rtol: float = 1e-6) -> Comparator:
    """Return a comparator for Matplotlib answers: what was drawn, never pixels.

    ``parts`` names what counts: ``bars``, ``lines``, ``points``, ``labels`` (axis labels), ``title``, ``scales``,
    ``legend``, ``limits``, ``images``, ``steps``, ``areas``, ``segments``, ``texts``, ``ticks``. A learner may draw
    more than the reference only in parts that do not count.
    """
    chosen = tuple(parts)
    unknown = sorted(set(chosen) - set(ALL_PARTS))
    if unknown or not chosen:
        raise ValueError(f"parts are {', '.join(ALL_PARTS)}; not {unknown}")

    def comparator(expected: Any, actual: Any) -> Difference | None:
        return compare_drawings(expected, actual, chosen, rtol)

    return comparator


def satisfies(holds: Callable[[Any, Any], bool], headline: str, kind: str = "wrong_value") -> Comparator:
    """Return a comparator from a predicate on (expected, actual), for answers of which several are right."""

    def comparator(expected: Any, actual: Any) -> Difference | None:
        if actual is None and expected is not None:
            return compare_values(expected, actual, Rules())
        try:
            right = bool(holds(expected, actual))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            return compare_values(expected, actual, Rules()) or different(headline, kind, expected, actual)
        return None if right else different(headline, kind, expected, actual)

    return comparator


def all_of(*comparators: Comparator) -> Comparator:
    """Return a comparator that asks several and gives the first difference found."""

    def comparator(expected: Any, actual: Any) -> Difference | None:
        for compare in comparators:
            difference = compare(expected, actual)
            if difference is not None:
                return difference
        return None

    return comparator


def _by(rules: Rules) -> Comparator:
    def comparator(expected: Any, actual: Any) -> Difference | None:
        return compare_values(expected, actual, rules, TOP)

    return comparator


def _rows_sorted(array: Any) -> Any:
    import numpy as np

    if array.ndim == 1:
        return np.sort(array)
    rows = array.reshape(len(array), -1)
    return array[np.lexsort(np.round(rows.astype(float), 7).T[::-1])] if array.size else array
