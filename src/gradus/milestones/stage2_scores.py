"""Metrics over answers, fast enough to be recomputed on a thousand resamples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.milestones.stage2_data import Array, Problem

Score = Callable[[Array, Array], float]


@dataclass(frozen=True)
class Metric:
    """A metric: ``score(truth, values)`` (m,), (m,) or (m, K); ``sign`` is -1 where less is better."""

    name: str
    title: str
    sign: int
    score: Score
    needs_chances: bool = False

    def gain(self, truth: Array, values: Array) -> float:
        """The score, turned so that more is better."""
        return self.sign * self.score(truth, values)


def metric_for(name: str, problem: Problem) -> Metric:
    """The metric called ``name`` for a problem; truth is codes of classes, or numbers."""
    if problem.kind == "binary":
        positive = problem.positive
        title, sign, raw, chances = _BINARY[name]

        def two(truth: Array, values: Array) -> float:
            return float(raw((truth == positive).astype(float), values))

        return Metric(name, title, sign, two, chances)
    title, sign, score, chances = (_MULTI if problem.kind == "multiclass" else _NUMBERS)[name]
    return Metric(name, title, sign, score, chances)


def signal(problem: Problem) -> Score:
    """A measure of any signal at all that is 0 by chance and 1 at best, whatever the learner's metric is."""
    if problem.kind == "regression":
        return correlation
    if problem.kind == "binary":
        positive = problem.positive
        return lambda truth, values: 2 * auc((truth == positive).astype(float), values) - 1
    return lambda truth, values: 2 * auc_of_classes(truth, values) - 1


def auc(truth: Array, scores: Array) -> float:
    """The chance that a row of class 1 ranks above one of class 0; ties count half. 0.5 when a class is absent."""
    positive = truth > 0.5
    m, n = int(positive.sum()), int((~positive).sum())
    if m == 0 or n == 0:
        return 0.5
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(np.concatenate([starts, [len(ordered)]]))
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(starts + (counts + 1) / 2, counts)
    return float((ranks[positive].sum() - m * (m + 1) / 2) / (m * n))


def auc_of_classes(truth: Array, values: Array) -> float:
    """The mean over classes of each one's AUC against the rest."""
    present = [k for k in range(values.shape[1]) if 0 < (truth == k).sum() < len(truth)]
    if not present:
        return 0.5
    return float(np.mean([auc((truth == k).astype(float), values[:, k]) for k in present]))


def correlation(truth: Array, values: Array) -> float:
    """Pearson's correlation; 0 when either never changes."""
    a, b = truth - truth.mean(), values - values.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-12 * max(1.0, float(np.abs(truth).max())) else 0.0


def _average_precision(truth: Array, scores: Array) -> float:
    total = truth.sum()
    if total == 0:
        return 0.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    ordered = scores[order]
    ends = np.flatnonzero(np.concatenate([ordered[1:] != ordered[:-1], [True]]))
    precision, recall = hits[ends] / (ends + 1), hits[ends] / total
    return float((np.diff(np.concatenate([[0.0], recall])) * precision).sum())


def _accuracy(truth: Array, p: Array) -> float:
    return float(((p >= 0.5) == (truth > 0.5)).mean())


def _balanced(truth: Array, p: Array) -> float:
    said, positive = p >= 0.5, truth > 0.5
    parts = [(said == positive)[positive == side] for side in (True, False)]
    return float(np.mean([part.mean() for part in parts if len(part)]))


def _f1(truth: Array, p: Array) -> float:
    said, positive = p >= 0.5, truth > 0.5
    both = 2 * float((said & positive).sum())
    return both / max(1.0, float(said.sum() + positive.sum()))


def _log_loss(truth: Array, p: Array) -> float:
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return float(-np.where(truth > 0.5, np.log(p), np.log1p(-p)).mean())


def _accuracy_of_classes(truth: Array, values: Array) -> float:
    return float((values.argmax(axis=1) == truth).mean())


def _balanced_of_classes(truth: Array, values: Array) -> float:
    right = values.argmax(axis=1) == truth
    return float(np.mean([right[truth == k].mean() for k in np.unique(truth)]))


def _log_loss_of_classes(truth: Array, values: Array) -> float:
    chances = values / np.maximum(values.sum(axis=1, keepdims=True), 1e-15)
    return float(-np.log(np.clip(chances[np.arange(len(truth)), truth.astype(int)], 1e-15, 1)).mean())


def _r2(truth: Array, values: Array) -> float:
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1 - float(((truth - values) ** 2).sum()) / spread if spread > 0 else 0.0


def _mae(truth: Array, values: Array) -> float:
    return float(np.abs(truth - values).mean())


def _rmse(truth: Array, values: Array) -> float:
    return float(np.sqrt(((truth - values) ** 2).mean()))


_BINARY: dict[str, tuple[str, int, Any, bool]] = {
    "accuracy": ("accuracy", 1, _accuracy, False),
    "balanced_accuracy": ("balanced accuracy", 1, _balanced, False),
    "f1": ("F1", 1, _f1, False),
    "roc_auc": ("ROC AUC", 1, auc, True),
    "average_precision": ("average precision", 1, _average_precision, True),
    "log_loss": ("log loss", -1, _log_loss, True),
}
_MULTI: dict[str, tuple[str, int, Any, bool]] = {
    "accuracy": ("accuracy", 1, _accuracy_of_classes, False),
    "balanced_accuracy": ("balanced accuracy", 1, _balanced_of_classes, False),
    "roc_auc": ("ROC AUC, mean over classes", 1, auc_of_classes, True),
    "log_loss": ("log loss", -1, _log_loss_of_classes, True),
}
_NUMBERS: dict[str, tuple[str, int, Any, bool]] = {
    "r2": ("R²", 1, _r2, False),
    "mae": ("mean absolute error", -1, _mae, False),
    "rmse": ("root mean squared error", -1, _rmse, False),
}
