"""What the learner's functions answer, brought into one form: chances, numbers or labels, one for each tested row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.milestones.stage2_data import Array, Problem

if TYPE_CHECKING:
    from gradus.milestones.stage2_data import Study
    from gradus.milestones.stage2_folds import Fold


class NotAnswers(ValueError):  # noqa: N818 - reads as what it says at the place of use
    """What was returned cannot be read as predictions; the message says why, to the learner."""


@dataclass(frozen=True)
class Answers:
    """One prediction per tested row, in the order of ``rows`` (m,).

    ``values``: numbers (m,) for regression, the positive class's chance (m,) for two classes, chances (m, K) for more.
    ``hard``: labels were given, not chances.
    """

    rows: Array
    values: Array
    hard: bool = False

    def only(self, wanted: Array) -> Array:
        """The values of the rows ``wanted``."""
        place = np.full(int(self.rows.max()) + 1, -1)
        place[self.rows] = np.arange(len(self.rows))
        return np.asarray(self.values[place[wanted]])


def from_evaluate(value: Any, study: Study, folds: list[Fold]) -> Answers:
    """Read what ``evaluate`` returned: an answer for every row, or one array for every fold. Raises NotAnswers."""
    import pandas as pd

    rows = np.concatenate([test for _, test in folds])
    n = len(study)
    if value is None:
        raise NotAnswers("`evaluate` returned None. Did you print the predictions instead of returning them?")
    if isinstance(value, Mapping):
        value = value.get("predictions", value)
        if isinstance(value, Mapping):
            raise NotAnswers("`evaluate` should return the predictions; yours returns a dict without “predictions”.")
    if isinstance(value, pd.Series | pd.DataFrame):
        value = _aligned(value, n)
    if isinstance(value, list | tuple) and _fold_by_fold(value, folds):
        return _checked(np.concatenate([np.asarray(part) for part in value]), rows, study.problem, "`evaluate`")
    try:
        array = np.asarray(value)
    except ValueError:
        raise NotAnswers("`evaluate` should return one prediction for each row of X.") from None
    if array.ndim == 0:
        raise NotAnswers(
            "`evaluate` returned a single number. Return the predictions themselves: Gradus computes the score from "
            "them."
        )
    if len(array) != n:
        raise NotAnswers(
            f"`evaluate` should return one prediction for each of the {n:,} rows of X; yours returns {len(array):,}. "
            "Rows that no fold tests stay NaN."
        )
    return _checked(array[rows], rows, study.problem, "`evaluate`")


def _fold_by_fold(value: Any, folds: list[Fold]) -> bool:
    return len(value) == len(folds) and all(
        hasattr(part, "__len__") and len(part) == len(test) for part, (_, test) in zip(value, folds, strict=True)
    )


def _aligned(value: Any, n: int) -> Any:
    labels = value.index.tolist()
    if labels == list(range(len(labels))):
        return value.to_numpy()
    if sorted(map(str, labels)) != sorted(map(str, range(n))):
        raise NotAnswers(
            "The index of what `evaluate` returned does not match the rows of X: each of X's labels should stand there "
            "once. Keep X's index, or return a plain array in X's order."
        )
    return value.sort_index().to_numpy()


def from_model(said: tuple[str, Any, Any], rows: Array, problem: Problem) -> Answers:
    """Read what a fitted estimator of the learner's said about ``rows``. Raises NotAnswers."""
    method, values, classes = said
    array = np.asarray(values)
    if method == "decision_function" and problem.kind == "binary" and array.ndim == 1:
        sign = 1.0 if problem.positive == 1 else -1.0
        with np.errstate(over="ignore"):
            return _checked(1 / (1 + np.exp(-sign * array.astype(float))), rows, problem, method)
    if method == "decision_function":
        shifted = np.exp(array - array.max(axis=1, keepdims=True)) if array.ndim == 2 else array
        array = shifted / shifted.sum(axis=1, keepdims=True) if array.ndim == 2 else array
    if array.ndim == 2 and classes is not None and [str(c) for c in classes] != [str(c) for c in problem.classes]:
        if array.shape[1] != len(classes):
            raise NotAnswers(f"`{method}` returned {array.shape[1]} columns for {len(classes)} classes.")
        wide = np.zeros((len(array), len(problem.classes)))
        known = {str(c): place for place, c in enumerate(problem.classes)}
        for column, name in enumerate(classes):
            place = known.get(str(name), column)  # own codes 0…K-1 stand for the sorted classes
            if place < wide.shape[1]:
                wide[:, place] = array[:, column]
        array = wide
    return _checked(array, rows, problem, f"`{method}`")


def _checked(array: Array, rows: Array, problem: Problem, who: str) -> Answers:
    if len(array) != len(rows):
        raise NotAnswers(f"{who} answered {len(array):,} times for {len(rows):,} rows.")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if problem.kind == "regression":
        if array.ndim != 1:
            raise NotAnswers(f"{who} should give one number a row; yours has shape {array.shape}.")
        return Answers(rows, _numbers(array, rows, who))
    if array.ndim == 2:
        return Answers(rows, _chances(array, rows, problem, who))
    return _one_column(array, rows, problem, who)


def _one_column(array: Array, rows: Array, problem: Problem, who: str) -> Answers:
    if array.dtype == object:
        absent = np.array([value is None or value != value for value in array.tolist()])
        _require_present(np.where(absent, np.nan, 0.0), rows, who)
    labels = _as_labels(array, problem)
    if problem.kind == "binary":
        numbers_are_classes = all(str(c) in ("0", "1", "False", "True", "0.0", "1.0") for c in problem.classes)
        if labels is None or (numbers_are_classes and not set(np.unique(labels)) - {0, 1} and array.dtype.kind == "f"):
            values = _numbers(array, rows, who)
            if values.min() < -1e-9 or values.max() > 1 + 1e-9:
                raise NotAnswers(
                    f"{who} should give chances between 0 and 1, or labels; yours lie between {values.min():.4g} and "
                    f"{values.max():.4g}."
                )
            hard = bool(np.isin(values, (0.0, 1.0)).all())
            return Answers(rows, values, hard)
        return Answers(rows, (labels == problem.positive).astype(float), True)
    if labels is None:
        raise NotAnswers(
            f"{who} should give labels, or one chance for each of the {len(problem.classes)} classes; {array[0]!r} is "
            "neither."
        )
    return Answers(rows, np.eye(len(problem.classes))[labels], True)


def _as_labels(array: Array, problem: Problem) -> Array | None:
    known = {str(c): place for place, c in enumerate(problem.classes)}
    known |= {f"{float(c):g}": place for place, c in enumerate(problem.classes) if isinstance(c, int | float)}
    found = []
    for value in array.tolist():
        text = f"{value:g}" if isinstance(value, float) else str(value)
        place = known.get(text)
        if place is None:
            return None
        found.append(place)
    return np.array(found)


def _numbers(array: Array, rows: Array, who: str) -> Array:
    try:
        values = array.astype(float)
    except (TypeError, ValueError):
        raise NotAnswers(f"{who} should give numbers; {array[0]!r} is none.") from None
    _require_present(values, rows, who)
    return values


def _chances(array: Array, rows: Array, problem: Problem, who: str) -> Array:
    if array.shape[1] != len(problem.classes):
        raise NotAnswers(
            f"{who} gives {array.shape[1]} columns; there are {len(problem.classes)} classes, in the order "
            f"{', '.join(map(str, problem.classes))}."
        )
    values = _numbers(array, rows, who)
    return values[:, problem.positive] if problem.kind == "binary" else values


def _require_present(values: Array, rows: Array, who: str) -> None:
    missing = ~np.isfinite(values if values.ndim == 1 else values.sum(axis=1))
    if missing.any():
        raise LeftOut(
            f"{who} has no prediction for {int(missing.sum()):,} of the {len(rows):,} tested rows. Rows that are left "
            "out are rows the model was not tested on; a score over the others says nothing about them.",
            int(missing.sum()),
        )


class LeftOut(NotAnswers):
    """Some tested rows have no prediction."""

    def __init__(self, message: str, many: int) -> None:
        super().__init__(message)
        self.many = many
