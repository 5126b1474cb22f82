"""The folds Gradus draws: rows held out as the declarations say the model will be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradus.milestones.stage2_data import Array, BadData

if TYPE_CHECKING:
    from gradus.milestones.stage2_data import Study

#: Training and test positions of one fold.
Fold = tuple[Array, Array]
FOLDS = 5


def make_folds(study: Study, rng: np.random.Generator, count: int | None = None) -> list[Fold]:
    """Draw folds: by time where a time is declared, else whole groups where groups are, else rows, classes alike.

    Time: each later block is tested by what came before it; moments are never cut in two, and rows of a tested group
    are taken out of the training. The first block is never tested.
    """
    count = count or FOLDS
    if study.time is not None:
        return _by_time(study, study.time, count)
    labels = np.arange(len(study)) if study.groups is None else study.groups
    places = _dealt(study, labels, rng, count)
    return [(np.flatnonzero(places != k), np.flatnonzero(places == k)) for k in range(count) if (places == k).any()]


def rows_apart(study: Study, rng: np.random.Generator) -> list[Fold]:
    """Draw folds of single rows, whatever is declared: what a shuffled split would do."""
    places = _dealt(study, np.arange(len(study)), rng, FOLDS)
    return [(np.flatnonzero(places != k), np.flatnonzero(places == k)) for k in range(FOLDS)]


def groups_apart(study: Study, groups: Array, rng: np.random.Generator) -> list[Fold]:
    """Draw folds that keep each of `groups` whole."""
    places = _dealt(study, groups, rng, min(FOLDS, len(np.unique(groups))))
    return [(np.flatnonzero(places != k), np.flatnonzero(places == k)) for k in np.unique(places)]


def tested(folds: list[Fold], n: int) -> Array:
    """Which rows some fold tests, (n,) bool."""
    seen = np.zeros(n, dtype=bool)
    for _, test in folds:
        seen[test] = True
    return seen


def _dealt(study: Study, labels: Array, rng: np.random.Generator, count: int) -> Array:
    """A fold's number for every row: whole labels are dealt out, largest first, to where their class is rarest."""
    names, inverse = np.unique(labels, return_inverse=True)
    strata = np.zeros(len(study), dtype=int) if study.problem.kind == "regression" else study.truth.astype(int)
    kinds = int(strata.max()) + 1
    held = np.zeros((len(names), kinds))
    np.add.at(held, (inverse, strata), 1)
    order = rng.permutation(len(names))
    if len(names) == len(study):  # single rows: deal each class round, beginning anywhere
        place = np.empty(len(names), dtype=int)
        start = 0
        for kind in range(kinds):
            of_kind = order[held[order, kind] > 0]
            place[of_kind] = (start + np.arange(len(of_kind))) % count
            start += len(of_kind)
        return place[inverse]
    order = order[np.argsort(-held[order].sum(axis=1), kind="stable")]
    total = held.sum(axis=0)
    filled = np.zeros((count, kinds))
    place = np.empty(len(names), dtype=int)
    for name in order:
        load = ((filled + held[name]) / np.maximum(total, 1))[:, held[name] > 0].sum(axis=1)
        place[name] = int(np.argmin(load + 1e-9 * filled.sum(axis=1)))
        filled[place[name]] += held[name]
    return place[inverse]


def _by_time(study: Study, time: Array, count: int) -> list[Fold]:
    moments = np.unique(time)
    cuts = np.quantile(time, np.linspace(0, 1, count + 2)[1:-1])
    edges = np.unique(moments[np.clip(np.searchsorted(moments, cuts), 1, len(moments) - 1)])
    folds: list[Fold] = []
    for start, stop in zip(edges, [*edges[1:], np.inf], strict=True):
        train, test = np.flatnonzero(time < start), np.flatnonzero((time >= start) & (time < stop))
        if study.groups is not None:
            train = train[~np.isin(study.groups[train], study.groups[test])]
        if _enough(study, train) and len(test):
            folds.append((train, test))
    if len(folds) < 2:
        raise BadData(
            "Too few rows lie before the tested ones to train on.",
            "With `time` and `groups` both declared, a tested group's earlier rows are left out; declare the one that "
            "matters when your model is used.",
        )
    return folds


def _enough(study: Study, train: Array) -> bool:
    if len(train) < 10:
        return False
    return study.problem.kind == "regression" or len(np.unique(study.truth[train])) == len(study.problem.classes)
