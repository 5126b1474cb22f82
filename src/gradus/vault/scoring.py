"""What is predicted and how it is scored: the one place where answers become numbers, for the vault and the arena."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradus.errors import UsageError

Array = np.ndarray[Any, np.dtype[Any]]
Wants = Literal["class", "chance", "number"]

_MISSING = {"", "na", "n/a", "nan", "null", "none"}


@dataclass(frozen=True)
class Metric:
    """One metric: ``score(truth, answers)``, both (n,); codes of classes, chances of the positive one, or numbers."""

    name: str
    title: str
    higher: bool
    wants: Wants
    score: Callable[[Array, Array], float]
    best: float

    @property
    def better(self) -> str:
        """``higher is better`` or ``lower is better``."""
        return "higher is better" if self.higher else "lower is better"

    def gain(self, value: float) -> float:
        """The value turned so that more is better."""
        return value if self.higher else -value


def _accuracy(truth: Array, answers: Array) -> float:
    return float(np.mean(truth == answers))


def _balanced(truth: Array, answers: Array) -> float:
    return float(np.mean([np.mean(answers[truth == code] == code) for code in np.unique(truth)]))


def _f1(truth: Array, answers: Array) -> float:
    both = float(np.sum((truth == 1) & (answers == 1)))
    either = float(np.sum(truth == 1) + np.sum(answers == 1))
    return 2 * both / either if either else 0.0


def _auc(truth: Array, answers: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, answers)) if len(np.unique(truth)) == 2 else math.nan


def _precision(truth: Array, answers: Array) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, answers)) if truth.any() else math.nan


def _log_loss(truth: Array, answers: Array) -> float:
    p = np.clip(answers, 1e-15, 1 - 1e-15)
    return float(-np.mean(np.where(truth == 1, np.log(p), np.log1p(-p))))


def _r2(truth: Array, answers: Array) -> float:
    spread = float(np.sum((truth - truth.mean()) ** 2))
    return 1 - float(np.sum((truth - answers) ** 2)) / spread if spread else math.nan


def _mae(truth: Array, answers: Array) -> float:
    return float(np.mean(np.abs(truth - answers)))


def _rmse(truth: Array, answers: Array) -> float:
    return float(np.sqrt(np.mean((truth - answers) ** 2)))


#: Every metric by name. Those that want a chance, and F1, are for two classes.
METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "accuracy", True, "class", _accuracy, 1.0),
        Metric("balanced_accuracy", "balanced accuracy", True, "class", _balanced, 1.0),
        Metric("f1", "F1", True, "class", _f1, 1.0),
        Metric("roc_auc", "ROC AUC", True, "chance", _auc, 1.0),
        Metric("average_precision", "average precision", True, "chance", _precision, 1.0),
        Metric("log_loss", "log loss", False, "chance", _log_loss, 0.0),
        Metric("r2", "R²", True, "number", _r2, 1.0),
        Metric("mae", "mean absolute error", False, "number", _mae, 0.0),
        Metric("rmse", "root mean squared error", False, "number", _rmse, 0.0),
    )
}


@dataclass(frozen=True)
class Task:
    """A metric with what it is measured on. ``classes`` are texts, sorted; ``positive`` is one of them or empty."""

    metric: str
    classes: tuple[str, ...] = ()
    positive: str = ""

    @property
    def measure(self) -> Metric:
        """The metric itself."""
        return METRICS[self.metric]

    @property
    def binary(self) -> bool:
        """Whether there is a positive class that truth and answers are turned to."""
        return bool(self.positive)

    def truth(self, cells: Sequence[str]) -> Array:
        """True answers (n,) from text: 1 where positive, codes of classes, or numbers."""
        if self.measure.wants == "number":
            return np.array([float(cell) for cell in cells])
        return np.array([self._code(cell) for cell in cells])

    def answer(self, cell: str) -> float:
        """One predicted answer from text. Raises ValueError whose message says what is wrong with it."""
        text = cell.strip()
        if text.lower() in _MISSING:
            raise ValueError("is empty" if not text else f"is missing ({text})")
        if self.measure.wants == "class":
            code = self._code(text)
            if code < 0:
                raise ValueError(f"is {text!r}, which is none of the classes {listed(self.classes)}")
            return code
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"is {text!r}, which is no number") from None
        if not math.isfinite(value):
            raise ValueError(f"is {text}, which is not finite")
        if self.measure.wants == "chance" and not 0 <= value <= 1:
            raise ValueError(f"is {text}, and a chance lies between 0 and 1")
        return value

    def score(self, truth: Array, answers: Array) -> float:
        """The score; NaN where the metric is not defined on these rows (a class is absent)."""
        return self.measure.score(truth, answers)

    def interval(self, truth: Array, answers: Array, draws: int = 400) -> tuple[float, float]:
        """A 95 % bootstrap interval over rows, the same each time."""
        rng = np.random.default_rng(len(truth))
        scores = []
        for _ in range(draws):
            rows = rng.integers(0, len(truth), len(truth))
            scores.append(self.score(truth[rows], answers[rows]))
        low, high = np.nanpercentile(scores, [2.5, 97.5])
        return float(low), float(high)

    def words(self) -> str:
        """What a prediction is, in words."""
        wants = self.measure.wants
        if wants == "chance":
            return f"the chance of “{self.positive}”, between 0 and 1"
        return f"one of {listed(self.classes)}" if wants == "class" else "a number"

    def to_json(self) -> dict[str, Any]:
        return {"metric": self.metric, "classes": list(self.classes), "positive": self.positive}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Task:
        return cls(data["metric"], tuple(data["classes"]), data["positive"])

    def _code(self, cell: str) -> int:
        text = label(cell)
        if self.binary:
            return int(text == self.positive) if text in self.classes else -1
        return self.classes.index(text) if text in self.classes else -1


def label(cell: str) -> str:
    """A class as it is compared: `1.0` and ` 1` are `1`, and True is True however it is written."""
    text = cell.strip()
    try:
        number = float(text)
    except ValueError:
        return {"true": "True", "false": "False"}.get(text.lower(), text)
    return str(int(number)) if number.is_integer() else text


def is_missing(cell: str) -> bool:
    """Whether a cell of a CSV says nothing."""
    return cell.strip().lower() in _MISSING


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names for a sentence, the first few of many."""
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return f"{shown} …" if len(names) > most else shown


def make_task(cells: Sequence[str], target: str, metric: str | None, positive: str | None, where: str) -> Task:
    """The task that a target column poses. Raises UsageError, in words, when it and the metric do not fit."""
    if metric is not None and metric not in METRICS:
        raise UsageError(f"There is no metric “{metric}”.", where, f"Choose one of {', '.join(METRICS)}.")
    missing = sum(map(is_missing, cells))
    if missing:
        raise UsageError(
            f"The target “{target}” is missing in {missing:,} of {len(cells):,} rows.", where,
            "A row without an answer scores nothing: take these rows out first, and say so in your write-up.",
        )  # fmt: skip
    numbers = _numbers(cells)
    if metric is None:
        metric = "rmse" if numbers is not None and _looks_measured(numbers) else "accuracy"
    if METRICS[metric].wants == "number":
        if numbers is None:
            raise UsageError(
                f"“{target}” holds words or values that are not finite, and `{metric}` measures numbers.", where,
                "Choose a metric for classes, such as accuracy.",
            )  # fmt: skip
        if len(set(numbers)) == 1:
            raise UsageError(f"“{target}” is {cells[0]} in every row: there is nothing to predict.", where)
        return Task(metric)
    return _class_task(cells, target, metric, positive, where)


def _class_task(cells: Sequence[str], target: str, metric: str, positive: str | None, where: str) -> Task:
    found = {label(cell) for cell in cells}
    classes = sorted(found, key=lambda text: (float(text), text) if _numbers([text]) else (math.inf, text))
    if len(classes) == 1:
        raise UsageError(
            f"“{target}” is {classes[0]!r} in every row: with a single class there is nothing to predict.", where,
            "Check that the file holds all classes.",
        )  # fmt: skip
    if len(classes) > 50:
        raise UsageError(
            f"“{target}” has {len(classes):,} different values, and `{metric}` counts classes.", where,
            "For a number to predict, use rmse, mae or r2.",
        )  # fmt: skip
    wants_two = METRICS[metric].wants == "chance" or metric == "f1"
    if wants_two and len(classes) > 2:
        raise UsageError(
            f"`{metric}` is for two classes; “{target}” has {len(classes)}.",
            where,
            "Use balanced_accuracy or accuracy.",
        )
    if positive is not None and label(positive) not in classes:
        raise UsageError(f"“{positive}” is no class of “{target}”.", where, f"The classes are {listed(classes)}.")
    chosen = label(positive) if positive is not None else classes[-1]
    return Task(metric, tuple(classes), chosen if len(classes) == 2 else "")


def _numbers(cells: Sequence[str]) -> list[float] | None:
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None


def _looks_measured(numbers: Sequence[float]) -> bool:
    different = set(numbers)
    return len(different) > 20 or any(not value.is_integer() for value in different)
