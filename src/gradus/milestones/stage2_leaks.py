"""The leakage probes: what is held out must not reach what is learned. Each failure names the leak."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks.probes.resampling import permuted
from gradus.milestones.stage1 import NotApplicable, ProbeFailed
from gradus.milestones.stage2_folds import Fold, make_folds
from gradus.milestones.stage2_scores import signal
from gradus.milestones.stage2_spy import ADVICE

if TYPE_CHECKING:
    from gradus.milestones.stage2_answers import Answers
    from gradus.milestones.stage2_data import Array, Study
    from gradus.milestones.stage2_work import Work

PROBE_ROWS = 600
NULL_ROWS = 300
NULL_REPEATS = 20
NULL_SECONDS = 60.0
#: Predictions that differ by less are the same.
TOLERANCE = 1e-6
#: A repeated permutation's mean signal may exceed chance by this many of its standard errors, and by this much.
NULL_ERRORS, NULL_LEAST = 4.5, 0.08
#: Columns with fewer different values get values of other rows instead of noise: they may be categories.
FEW_VALUES = 20

LOOKS_AHEAD = (
    "Something looks ahead: a centered window, a backward fill, a shift by a negative number, a statistic over the "
    "whole "
    "series."
)
Found = tuple[str, dict[str, Any]]

_HINTS = (
    ("oversampling", re.compile(rb"(?i)over_?sampl|SMOTE|\bresample\(|np\.repeat")),
    ("target_encoding", re.compile(rb"groupby\([^)]*\)[^\n]{0,40}(mean|transform)|TargetEncoder")),
    (
        "selection",
        re.compile(rb"SelectKBest|SelectPercentile|corrcoef|\.corr\(|corrwith|f_classif|mutual_info|nlargest"),
    ),
    (
        "tuning",
        re.compile(rb"eval_set|early_stopping|threshold|cutoff|best|staged_|\b(min|max)\([^\n]*key=|arg(min|max)"),
    ),
)
_IMPORT = re.compile(rb"(?m)^\s*(from|import)\s[^\n]*$")


@dataclass
class Bench:
    """A sample of the learner's data with one fold held out, and how ``evaluate`` answers when nothing is altered."""

    work: Work
    study: Study
    rng: np.random.Generator
    source: bytes = b""
    folds: list[Fold] = field(init=False)
    all_folds: list[Fold] = field(init=False)
    plain: Answers | None = None
    sinners: list[tuple[str, str]] = field(default_factory=list)
    """Leaks that the fit spy saw, with the class that was fitted: they name what the other probes notice."""
    null: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.study = self.study.sample(PROBE_ROWS, self.rng)
        self.all_folds = make_folds(self.study, self.rng, 4)
        self.folds = self.all_folds[-1:]

    @property
    def test(self) -> Array:
        """The held-out rows that are looked at: those of the last fold."""
        return self.folds[-1][1]

    @property
    def before(self) -> Answers:
        """What ``evaluate`` predicts when nothing is altered; it gets one fold, or all where it insists on them."""
        if self.plain is None:
            try:
                self.plain = self.work.evaluate(self.study, self.folds)
            except ProbeFailed:
                self.plain = self.work.evaluate(self.study, self.all_folds)
                self.folds = self.all_folds
        return self.plain


def repeatable(bench: Bench) -> Found:
    """The same folds twice, in two processes."""
    before = bench.before
    again = bench.work.evaluate(bench.study, bench.folds)
    many, most = _changed(before.values, again.values)
    if many:
        raise ProbeFailed(
            f"Run twice on the same folds, `evaluate` gives {many:,} of {len(again.values):,} predictions differently "
            f"(by up to {most:.3g}). Give everything random a seed (`random_state=0`, `default_rng(0)`), so that a "
            "result can be repeated.",
            changed=many,
        )
    return f"{len(again.values):,} predictions, twice the same.", {"predictions": len(again.values)}


def held_out_rows(bench: Bench) -> Found:
    """Large noise in some held-out rows: the predictions of the others stay."""
    edited, rest = _parted(bench, 10)
    before = bench.before.only(rest)
    try:
        after = bench.work.evaluate(with_noise(bench.study, edited, bench.rng), bench.folds)
    except ProbeFailed:  # a model may refuse absurd values; it has no reason to refuse those of other rows
        after = bench.work.evaluate(with_noise(bench.study, edited, bench.rng, gentle=True), bench.folds)
    many, most = _changed(before, after.only(rest))
    if many:
        if bench.study.time is not None and not bench.sinners:
            leak, words = "future", LOOKS_AHEAD
        elif _labels_reach(bench):
            leak, words = _blame(bench, "selection", (
                "Held-out features and labels both reach what is learned or chosen: columns, categories, a threshold, "
                "the number of rounds, or the model itself. Do all of it from the training rows of each fold alone."
            ))  # fmt: skip
        else:
            leak, words = _blame(bench, "preprocessing", (
                "Something is computed over all rows before they are split: a mean, a scale, a fill value, components. "
                "Compute it from the training rows of each fold alone."
            ))  # fmt: skip
        raise ProbeFailed(
            f"The features of {len(edited)} held-out rows were overwritten, and {many:,} of the {len(rest):,} "
            f"predictions for *other* held-out rows changed (by up to {most:.3g}). {words}",
            leak=leak, changed=many, of=len(rest),
        )  # fmt: skip
    return (
        f"{len(edited)} held-out rows overwritten; the {len(rest):,} other predictions stayed.",
        {"edited": len(edited), "unchanged": len(rest)},
    )


def held_out_labels(bench: Bench) -> Found:
    """Other labels for half of the held-out rows: no prediction may know."""
    half, rest = _parted(bench, max(1, len(bench.test) // 2))
    watched = rest if bench.study.time is not None else bench.test  # the past may speak to what follows it
    before, after = bench.before, _relabeled(bench, half)
    many, most = _changed(before.only(watched), after.only(watched))
    if many:
        own, others = _mean_change(before, after, half), _mean_change(before, after, rest)
        if own > 1.3 * others:
            leak, words = _blame(bench, "no_test_set", (
                "A held-out row's prediction follows its own label: it was trained on, or its label went into its "
                "features (target means over all rows do that)."
            ))  # fmt: skip
        else:
            leak, words = _blame(bench, "tuning", (
                "Held-out labels shaped something that all predictions share: weights, columns, a threshold, the "
                "number of rounds, a setting. Learn and choose it within the training rows."
            ))  # fmt: skip
        raise ProbeFailed(
            f"The labels of {len(half)} held-out rows were changed, and {many:,} of {len(watched):,} predictions "
            f"changed with them (by up to {most:.3g}). {words}",
            leak=leak, changed=many, own_change=own, others_change=others,
        )  # fmt: skip
    return f"{len(half)} held-out labels changed; no prediction noticed.", {"relabeled": len(half)}


def _parted(bench: Bench, many: int) -> tuple[Array, Array]:
    """About ``many`` held-out rows to alter, and the others: whole groups, and by time the latest rows."""
    study, test = bench.study, bench.test
    if study.time is not None:
        edited = test[np.argsort(study.time[test], kind="stable")][-min(many, len(test) // 2) :]
        edited = test[study.time[test] >= study.time[edited].min()]
    elif study.groups is not None:
        names = bench.rng.permutation(np.unique(study.groups[test]))
        sizes = np.cumsum([(study.groups[test] == name).sum() for name in names])
        chosen = names[: max(1, min(len(names) - 1, int(np.searchsorted(sizes, many)) + 1))]
        edited = test[np.isin(study.groups[test], chosen)]
    else:
        edited = bench.rng.choice(test, max(1, min(many, len(test) // 2)), replace=False)
    return np.sort(edited), np.setdiff1d(test, edited)


def _relabeled(bench: Bench, rows: Array) -> Answers:
    changed = bench.study.with_target(flipped(bench.study, rows, bench.rng))
    return bench.work.evaluate(changed, bench.folds)


def _labels_reach(bench: Bench) -> bool:
    half, rest = _parted(bench, max(1, len(bench.test) // 2))
    return _changed(bench.before.only(rest), _relabeled(bench, half).only(rest))[0] > 0


def permuted_labels(bench: Bench) -> Found:
    """Labels dealt out anew, many times: the score must fall to chance."""
    study = bench.study.sample(NULL_ROWS, bench.rng)
    folds = make_folds(study, bench.rng, 3)
    measure = signal(study.problem)
    rows = np.concatenate([test for _, test in folds])
    began = time.monotonic()
    dealt = [study.with_target(permuted(study.truth, bench.rng, study.groups)) for _ in range(NULL_REPEATS)]
    new, old = [], []
    first, same = None, np.ones(len(rows), dtype=bool)
    for number, answers in enumerate(bench.work.evaluate_each(dealt, folds)):
        values = answers.only(rows)
        first = values if first is None else first
        same &= np.abs(values - first).reshape(len(rows), -1).max(axis=1) <= TOLERANCE
        new.append(measure(dealt[number].truth[rows], values))
        old.append(measure(study.truth[rows], values))
        if number >= 4 and time.monotonic() - began > NULL_SECONDS:
            break
    bench.null = new
    measured = {"repeats": len(new), "mean_signal": float(np.mean(new)), "most": float(np.max(new))}
    if _above_chance(new):
        leak, words = _blame(bench, "selection", (
            "Where there is nothing to find, your evaluation finds it all the same: labels reach what is learned "
            "before "
            "the rows are split, or rows have copies on both sides."
        ))  # fmt: skip
        raise ProbeFailed(
            f"With labels dealt out at random, `evaluate` still scores {np.mean(new):.2f} on a scale from 0 (chance) "
            "to "
            f"1 (perfect), in {len(new)} repeats. {words}",
            leak=leak, **measured,
        )  # fmt: skip
    if same.mean() > 0.5 and _above_chance(old, 2 * NULL_LEAST):
        raise ProbeFailed(
            f"Whatever labels it is given, `evaluate` makes the same predictions, and they follow the *true* labels "
            f"({np.mean(old):.2f} on a scale from 0 to 1): the answers were known before the training.",
            leak="remembered_answers", **measured,
        )  # fmt: skip
    return f"{len(new)} times labels dealt out at random: {np.mean(new):+.2f} on average, 0 is chance.", measured


def future_cut(bench: Bench, study: Study) -> Found:
    """Overwrite everything after a moment: predictions up to it stay."""
    if study.time is None:
        raise NotApplicable("No time is declared.")
    study = study.sample(PROBE_ROWS, bench.rng)
    folds = make_folds(study, bench.rng)
    start = study.time[folds[-1][1]].min() if study.time is not None else 0.0
    later = np.flatnonzero(study.time >= start)  # type: ignore[operator]
    earlier = np.concatenate([test for _, test in folds[:-1]])
    before = bench.work.evaluate(study, folds)
    changed = with_noise(study, later, bench.rng, gentle=True).with_target(flipped(study, later, bench.rng))
    after = bench.work.evaluate(changed, folds)
    many, most = _changed(before.only(earlier), after.only(earlier))
    if many:
        raise ProbeFailed(
            f"Everything after a moment was overwritten, and {many:,} of {len(earlier):,} predictions *before* it "
            f"changed (by up to {most:.3g}). {LOOKS_AHEAD}",
            leak="future", changed=many,
        )  # fmt: skip
    return f"{len(later):,} later rows overwritten; {len(earlier):,} earlier predictions stayed.", {"later": len(later)}


def with_noise(study: Study, rows: Array, rng: np.random.Generator, gentle: bool = False) -> Study:
    """The study with other features in ``rows``: large noise; ``gentle``, and for categories, other rows' values."""
    from dataclasses import replace

    import pandas as pd

    X = study.X.copy()
    donors = rng.permutation(len(study))[: len(rows)]
    if len(donors) < len(rows):
        donors = rng.integers(len(study), size=len(rows))
    for place in range(X.shape[1]):
        column = X.iloc[:, place]
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        few = column.nunique() < FEW_VALUES
        values = column.iloc[donors].reset_index(drop=True)
        if numeric and not gentle and not few:
            spread = float(column.std()) or 1.0
            steps = 1000 * spread * (1 + rng.random(len(rows)))
            if float(column.min()) < 0:
                steps = steps * rng.choice([-1.0, 1.0], len(rows))
            center = float(column.mean())
            noise = center + steps
            values = pd.Series(np.rint(noise) if pd.api.types.is_integer_dtype(column) else noise)
        altered = column.copy()
        altered.iloc[rows] = values.astype(column.dtype).to_numpy()
        X.isetitem(place, altered.array)
    return replace(study, X=X)


def flipped(study: Study, rows: Array, rng: np.random.Generator) -> Array:
    """The truth with other values in ``rows``: another class, or the number mirrored in its range."""
    truth = study.truth.copy()
    if study.problem.kind == "regression":
        truth[rows] = truth.max() + truth.min() - truth[rows]
        return truth
    many = len(study.problem.classes)
    truth[rows] = (truth[rows] + rng.integers(1, many, size=len(rows))) % many
    return truth


def _above_chance(signals: list[float], least: float = NULL_LEAST) -> bool:
    mean, error = float(np.mean(signals)), float(np.std(signals, ddof=1) / np.sqrt(len(signals)))
    return mean > max(least, NULL_ERRORS * error)


def _blame(bench: Bench, leak: str, words: str) -> tuple[str, str]:
    """The leak's name: what the spy saw where it saw something, else what the behavior says.

    Only where labels leak are the learner's words read, too, to tell target means, copies, choices apart.
    """
    if bench.sinners:
        seen, name = bench.sinners[0]
        return seen, f"`{name}` was fitted with held-out rows. {ADVICE[seen]}"
    if leak != "preprocessing":
        for hinted, pattern in _HINTS:
            if pattern.search(_IMPORT.sub(b"", bench.source)):
                return hinted, f"{words} Your code suggests which: {ADVICE[hinted]}"
    return leak, words


def _mean_change(before: Answers, after: Answers, rows: Array) -> float:
    if not len(rows):
        return 0.0
    return float(np.abs(before.only(rows) - after.only(rows)).mean())


def _changed(before: Array, after: Array) -> tuple[int, float]:
    """How many predictions differ, and by how much at most."""
    scale = max(1.0, float(np.abs(before).max(initial=0.0)))
    apart = np.abs(before - after)
    if apart.ndim == 2:
        apart = apart.max(axis=1)
    return int((apart > TOLERANCE * scale).sum()), float(apart.max(initial=0.0))
