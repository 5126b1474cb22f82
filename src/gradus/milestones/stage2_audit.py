"""C12, the split audit: copies, entities and moments in the data that a shuffled split would share out to both sides;
and columns that give the answer away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks.probes.resampling import bootstrap
from gradus.milestones.stage1 import ProbeFailed
from gradus.milestones.stage2_data import as_moments
from gradus.milestones.stage2_folds import groups_apart
from gradus.milestones.stage2_scores import signal

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_compare import Contest
    from gradus.milestones.stage2_data import Array, Study
    from gradus.milestones.stage2_declared import Declared

AUDIT_ROWS = 2000
#: A shuffled split is misleading when it looks better by this much signal, and surely so (99 %).
GAP = 0.05
#: Fewer rows with a twin than this share are left alone.
TWINS = 0.02
#: One column alone with this much signal is asked about when the others leave much more unexplained.
PROXY = 0.97
Found = tuple[str, dict[str, Any]]

_IDENTITY = re.compile(
    r"(^|[_\W])(id|ids|uuid|key|nr|number|patient|customer|client|user|subject|person|participant|household|family|"
    r"account|member|device|machine|sensor|store|shop|school|player|driver|employee|house|owner|animal|plant|site)"
    r"([_\W]|\d|$)",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(^|[_\W])(date|time|timestamp|datetime|day|week|month|year|when|moment)([_\W]|\d|$)", re.IGNORECASE
)


@dataclass(frozen=True)
class Suspect:
    """A way in which rows belong together: what to call it, and which rows it joins."""

    leak: str
    name: str
    groups: Array


def split_audit(contest: Contest, declared: Declared, rows_in_file: int) -> Found:
    """Look for what rows have in common, and measure whether a shuffled split profits from it."""
    study = contest.study
    if rows_in_file and len(study) > rows_in_file:
        raise ProbeFailed(
            f"Your file has {rows_in_file:,} rows and `load` returns {len(study):,}: rows were copied before any "
            "split, "
            "so copies of held-out rows are trained on. Resample within the training rows of each fold, in the model "
            "that `build` returns.",
            leak="oversampling", rows=len(study), rows_in_file=rows_in_file,
        )  # fmt: skip
    if study.groups is not None or study.time is not None:
        kept = "whole groups" if study.groups is not None else "the order of time"
        return f"The folds keep {kept}, as you declared.", {"split": kept}
    study = study.sample(AUDIT_ROWS, contest.rng)
    looked = []
    for suspect in _suspects(study, declared):
        looked.append(suspect.name)
        gap, low = _gap(contest, study, suspect.groups)
        if gap > GAP and low > 0:
            raise ProbeFailed(_accusation(suspect, study, gap, low), leak=suspect.leak, column=suspect.name, gap=gap)
    for name, moments in _moments(study):
        looked.append(name)
        gap, low = _hindsight(contest, study, moments)
        if gap > GAP and low > 0:
            raise ProbeFailed(
                f"“{name}” is a time, and your model looks better by {gap:.2f} (scale 0 to 1) when it may train on "
                "rows "
                f"that come later than the tested ones. Declare `time = \"{name}\"` under [data] in claims.toml, so "
                "that the "
                "past is tested on the future.",
                leak="time", column=name, gap=gap,
            )  # fmt: skip
    if not looked:
        return "No copies, no identities and no moments that a shuffled split would share out.", {"suspects": 0}
    listed = ", ".join(looked)
    return f"Looked at {listed}: keeping these rows together changes nothing that matters.", {"suspects": looked}


def _accusation(suspect: Suspect, study: Study, gap: float, low: float) -> str:
    joined = int((np.bincount(suspect.groups)[suspect.groups] > 1).sum())
    if suspect.leak == "duplicates":
        return (
            f"{joined:,} of {len(study):,} rows have a {suspect.name}, and your model looks better by {gap:.2f} "
            "(scale 0 "
            "to 1) when copies may lie on both sides of the split. Remove the copies, or declare "
            '`repeats = "kept_together"` under [data] (`"genuine"` if equal rows will also come when the model is '
            "used)."
        )
    return (
        f"Rows that share “{suspect.name}” are on both sides of a shuffled split, and your model looks better by "
        f'{gap:.2f} (scale 0 to 1, at least {low:.2f}) for it: it recognizes them. Declare `groups = "{suspect.name}"` '
        f'under [data]; if the model will be used on the same ones, `same_entities = ["{suspect.name}"]`.'
    )


def _suspects(study: Study, declared: Declared) -> Iterator[Suspect]:
    import pandas as pd

    n = len(study)
    if declared.data.repeats != "genuine":
        twins = np.asarray(pd.factorize(pd.util.hash_pandas_object(study.X, index=False))[0])
        if _joined(twins) >= TWINS * n:
            yield Suspect("duplicates", "twin with equal features", twins)
        else:
            near = _near_twins(study.X)
            if near is not None and _joined(near) >= TWINS * n:
                yield Suspect("duplicates", "near copy", near)
    for name, column in _columns(study):
        if name in declared.data.same_entities or name in study.known:
            continue
        many = column.nunique()
        named = _IDENTITY.search(re.sub(r"([a-z])([A-Z])", r"\1_\2", name)) is not None
        ignored = name in declared.data.ignore
        if (named or ignored) and max(4, n / 200) <= many <= 0.75 * n and not _measures(column):
            yield Suspect("entities", name, np.asarray(pd.factorize(column.astype(str))[0]))


def _columns(study: Study) -> Iterator[tuple[str, pd.Series[Any]]]:
    for name in study.X.columns:
        yield str(name), study.X[name]
    if study.aside is not None:
        for name in study.aside.columns:
            yield str(name), study.aside[name]


def _measures(column: pd.Series[Any]) -> bool:
    """Fractions are measured, not names."""
    import pandas as pd

    if not pd.api.types.is_float_dtype(column):
        return False
    there = column.dropna()
    return bool((there != there.round()).any())


def _joined(groups: Array) -> int:
    return int((np.bincount(groups)[groups] > 1).sum())


def _near_twins(X: pd.DataFrame) -> Array | None:
    """Groups of rows that differ by a hundredth of a deviation at most; None where few columns are fine enough."""
    import pandas as pd
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    fine = [c for c in X if pd.api.types.is_float_dtype(X[c]) and X[c].nunique() > 0.3 * len(X)]
    if len(fine) < 3:
        return None
    table = X[fine].fillna(0.0).to_numpy(dtype=float)
    table = (table - table.mean(axis=0)) / np.where(table.std(axis=0) > 0, table.std(axis=0), 1)
    pairs = cKDTree(table[:, :12]).query_pairs(0.01 * np.sqrt(min(12, len(fine))), output_type="ndarray")
    if len(pairs) == 0 or len(pairs) > 20 * len(X):
        return None
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(X), len(X)))
    return np.asarray(connected_components(graph, directed=False)[1])


def _gap(contest: Contest, study: Study, groups: Array) -> tuple[float, float]:
    """How much more signal the learner's model shows when `groups` may be cut in two, and its 99 % lower bound."""
    from gradus.milestones.stage2_folds import rows_apart

    if len(np.unique(groups)) < 4:
        return 0.0, 0.0
    mixed = contest.work.crossed(study, rows_apart(study, contest.rng))
    apart = contest.work.crossed(study, groups_apart(study, groups, contest.rng))
    rows = np.arange(len(study))
    return _difference(study, rows, mixed.only(rows), apart.only(rows), groups, contest.rng)


def _difference(
    study: Study, rows: Array, one: Array, other: Array, units: Array | None, rng: np.random.Generator
) -> tuple[float, float]:
    measure, truth = signal(study.problem), study.truth[rows]

    def gap(i: Array) -> float:
        return measure(truth[i], one[i]) - measure(truth[i], other[i])

    if (found := gap(np.arange(len(rows)))) <= GAP:
        return found, 0.0
    return found, bootstrap(gap, len(rows), rng, units=units, many=400, level=0.98).low


def _moments(study: Study) -> Iterator[tuple[str, Array]]:
    import pandas as pd

    for name, column in _columns(study):
        words = not pd.api.types.is_numeric_dtype(column)
        if not (words or _MOMENT.search(name)):
            continue
        moments = as_moments(column)
        if moments is None or np.isnan(moments).any() or len(np.unique(moments)) < max(8, len(study) / 50):
            continue
        yield name, moments


def _hindsight(contest: Contest, study: Study, moments: Array) -> tuple[float, float]:
    """What training on later rows adds, for the same tested rows and equally many training rows."""
    order = np.argsort(moments, kind="stable")
    half = len(order) // 2
    past, late = order[:half], order[half:]
    parts = np.array_split(contest.rng.permutation(late), 2)
    forward = [(np.sort(past), np.sort(part)) for part in parts]
    mixed = []
    for part in parts:
        pool = np.setdiff1d(np.arange(len(study)), part)
        mixed.append((np.sort(contest.rng.choice(pool, half, replace=False)), np.sort(part)))
    if study.problem.kind != "regression":
        kinds = len(study.problem.classes)
        if any(len(np.unique(study.truth[train])) < kinds for train, _ in [*forward, *mixed]):
            return 0.0, 0.0
    rows = np.sort(late)
    with_later = contest.work.crossed(study, mixed).only(rows)
    without = contest.work.crossed(study, forward).only(rows)
    return _difference(study, rows, with_later, without, None, contest.rng)


def giveaway(contest: Contest) -> Found:
    """Columns that alone give the answer, while the others together do not: they may be written after the outcome."""
    study = contest.study.sample(AUDIT_ROWS, contest.rng)
    measure = signal(study.problem)
    alone = {str(name): measure(study.truth, _guessed(study, [str(name)])) for name in study.X.columns}
    suspects = [name for name, strength in alone.items() if strength >= PROXY]
    best = max(alone, key=lambda name: alone[name])
    measured = {"strongest": best, "signal": alone[best]}
    asked = [name for name in suspects if name not in study.known]
    if asked:
        rest = [str(name) for name in study.X.columns if str(name) not in suspects]
        others = measure(study.truth, _guessed(study, rest)) if rest else 0.0
        if 1 - others > 3 * (1 - alone[asked[0]]) + 0.02:
            raise ProbeFailed(
                f"“{asked[0]}” alone gives the answer nearly always ({alone[asked[0]]:.3f} on a scale from 0 to 1; the "
                f"other columns reach {others:.2f} together). Is it known when the model is used, or written down "
                "after "
                "the outcome? Take it out, or, if it is known before, say so: "
                f'`known_before = ["{asked[0]}"]` under [data].',
                leak="illegitimate_feature", column=asked[0], others=others, **measured,
            )  # fmt: skip
    words = f"The strongest single column is “{best}” ({alone[best]:.2f} on a scale from 0 to 1)."
    if suspects and not asked:
        words += " You state that it is known beforehand."
    return words, measured


def _guessed(study: Study, names: list[str]) -> Array:
    """Held-out predictions from these columns by a small tree, or a forest for several."""
    import pandas as pd
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    from sklearn.model_selection import KFold
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    table = np.column_stack([
        study.X[name].to_numpy(dtype=float, na_value=np.nan) if pd.api.types.is_numeric_dtype(study.X[name])
        else np.where(study.X[name].isna(), np.nan, pd.factorize(study.X[name], sort=True)[0].astype(float))
        for name in names
    ])  # fmt: skip
    table = np.where(np.isfinite(table), table, np.nan)
    table = np.where(np.isnan(table), np.nanmin(table, axis=0, initial=0.0) - 1, table)
    regression, many = study.problem.kind == "regression", len(study.problem.classes)
    values = np.zeros((len(study), many) if study.problem.kind == "multiclass" else len(study))
    for train, test in KFold(3, shuffle=True, random_state=0).split(table):
        model: Any
        if len(names) == 1:
            kind = DecisionTreeRegressor if regression else DecisionTreeClassifier
            model = kind(max_leaf_nodes=64 if regression else 8, min_samples_leaf=3, random_state=0)
        else:
            forest = ExtraTreesRegressor if regression else ExtraTreesClassifier
            model = forest(50, min_samples_leaf=2, random_state=0)
        model.fit(table[train], study.truth[train])
        if regression:
            values[test] = model.predict(table[test])
        else:
            chances = np.zeros((len(test), many))
            chances[:, model.classes_.astype(int)] = model.predict_proba(table[test])
            values[test] = chances[:, study.problem.positive] if study.problem.kind == "binary" else chances
    return values
