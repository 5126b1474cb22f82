"""The learner's claims on held-out rows: permutation says whether a feature matters, partial dependence which way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks.probes.resampling import resamples
from gradus.milestones.stage1 import NotApplicable, ProbeFailed
from gradus.milestones.stage2_data import place_of
from gradus.milestones.stage2_folds import Fold, make_folds

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_answers import Answers
    from gradus.milestones.stage2_data import Array, Study
    from gradus.milestones.stage2_declared import Claim
    from gradus.milestones.stage2_work import Work

CLAIM_ROWS = 1500
GRID = 7
PERMUTATIONS = 3
#: At least this share of all movement along the grid must go the claimed way.
ONE_WAY = 0.65
#: A feature that matters less than this share of what the model explains is irrelevant.
SLIGHT = 0.05
#: Columns that are ordered alike to this degree are moved together: a copy would hide what permuting one of them does.
ALIKE = 0.95
#: A model that explains hardly anything is taken to explain this share of the spread.
LEAST_SKILL = 0.05
NOISE = "gradus_noise"
Found = tuple[str, dict[str, Any]]


@dataclass
class Curve:
    """A claimed feature's partial dependence and importance, for the report."""

    claim: Claim
    grid: list[Any]
    response: list[float]
    importance: tuple[float, float, float]
    noise: float | None
    result: str = "unresolved"
    words: str = ""
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    skill: float = 1.0
    """What the model explains, in units of the importance."""


@dataclass
class Inquiry:
    """The data on which the claims are checked."""

    work: Work
    study: Study
    rng: np.random.Generator
    curves: list[Curve] = field(default_factory=list)
    planted: bool = True

    def __post_init__(self) -> None:
        self.study = self.study.sample(CLAIM_ROWS, self.rng)


def check_claim(inquiry: Inquiry, claim: Claim) -> Found:
    """Hold one claim against held-out rows. Fails when they contradict it; not applicable when they cannot tell."""
    import pandas as pd

    study, column = inquiry.study, inquiry.study.X[claim.feature]
    numeric = pd.api.types.is_numeric_dtype(column)
    if claim.effect in ("raises", "lowers") and not numeric:
        raise ProbeFailed(
            f"“{claim.feature}” holds words, which have no higher and lower. Claim that it `matters`, or make it a "
            "number."
        )
    place = place_of(claim.of, study.problem)
    if study.problem.kind == "multiclass" and claim.effect in ("raises", "lowers") and place is None:
        raise ProbeFailed(
            f"There are {len(study.problem.classes)} classes: say whose chance rises or falls, as "
            f"`class = {study.problem.classes[0]!r}` in the claim."
        )
    curve = _measure(inquiry, claim, place, numeric)
    inquiry.curves.append(curve)
    measured = {
        "feature": claim.feature, "effect": claim.effect,
        "importance": f"{curve.importance[0]:.3g} (95 % {curve.importance[1]:.3g} to {curve.importance[2]:.3g})",
        "response": [round(value, 4) for value in curve.response], "result": curve.result,
        "planted_noise": curve.noise if curve.noise is not None else "not taken by the model",
    }  # fmt: skip
    if curve.result == "contradicted":
        raise ProbeFailed(f"“{claim.text}”: {curve.words}", **measured)
    if curve.result == "unresolved":
        raise NotApplicable(f"Missing evidence for “{claim.text}”: {curve.words}")
    return f"“{claim.text}”: {curve.words}", measured


def _measure(inquiry: Inquiry, claim: Claim, place: int | None, numeric: bool) -> Curve:
    rng = inquiry.rng
    study, twin = _planted(inquiry, claim.feature)
    folds = make_folds(study, rng)
    joint = [claim.feature, *_alike(study, claim.feature)]
    orders = [rng.permutation(len(study)) for _ in range(PERMUTATIONS)]
    grid = _grid(study.X[claim.feature]) if numeric else []
    changes = [_permuted(study, joint, order) for order in orders]
    changes += [_permuted(study, [NOISE], order) for order in orders] if inquiry.planted else []
    fixed = [claim.feature, twin] if inquiry.planted else [claim.feature]
    changes += [{name: _constant(study.X[name], value) for name in fixed} for value in grid]
    try:
        answers = inquiry.work.crossed_with(study, folds, changes)
    except ProbeFailed:
        if not inquiry.planted:
            raise
        inquiry.planted = False  # an estimator may insist on the columns it knows
        return _measure(inquiry, claim, place, numeric)
    return _judge(inquiry, claim, place, study, folds, grid, answers)


def _judge(
    inquiry: Inquiry, claim: Claim, place: int | None, study: Study, folds: list[Fold], grid: list[Any],
    answers: list[Answers],
) -> Curve:  # fmt: skip
    rng = inquiry.rng
    rows = np.concatenate([test for _, test in folds])
    units = None if study.groups is None else study.groups[rows]
    said = [answer.only(rows) for answer in answers]
    losses = [_loss(study, rows, values) for values in said]
    drop = np.mean(losses[1 : 1 + PERMUTATIONS], axis=0) - losses[0]
    start = 1 + PERMUTATIONS
    noise = None
    if inquiry.planted:
        noise = float((np.mean(losses[start : start + PERMUTATIONS], axis=0) - losses[0]).mean())
        start += PERMUTATIONS
    drawn = list(resamples(len(rows), units, 500, rng))
    low, high = np.quantile([drop[i].mean() for i in drawn], [0.025, 0.975])
    importance = (float(drop.mean()), float(low), float(high))
    responses = np.array([_response(study, place, values) for values in said[start:]])  # (grid, m)
    blind = float(_loss(study, rows, _constant_guess(study, said[0])).mean())
    skill = max(blind - float(losses[0].mean()), LEAST_SKILL * blind)
    curve = Curve(claim, grid, [float(r) for r in responses.mean(axis=1)] if grid else [], importance, noise)
    curve.skill = skill or 1.0
    if grid:
        bands = np.quantile([responses[:, i].mean(axis=1) for i in drawn[:200]], [0.025, 0.975], axis=0)
        curve.low, curve.high = bands[0].tolist(), bands[1].tolist()
    matters = low > 0 and drop.mean() > 2 * max(0.0, noise or 0.0)
    if claim.effect in ("matters", "irrelevant"):
        _about_weight(curve, claim, matters, float(high), skill)
    else:
        _about_direction(curve, claim, matters, responses, drawn)
    return curve


def _about_weight(curve: Curve, claim: Claim, matters: bool, high: float, skill: float) -> None:
    share = max(0.0, curve.importance[0] / skill)
    much = f"{share:.0%} of" if share <= 1 else "more than"
    told = f"permuted on held-out rows it costs {much} what the model explains"
    if claim.effect == "matters":
        if matters:
            curve.result, curve.words = "confirmed", f"{told}."
        elif high < SLIGHT * skill:
            curve.result, curve.words = "contradicted", f"{told}, no more than a column of noise."
        else:
            curve.words = f"{told}, which cannot be told from nothing."
    elif high < SLIGHT * skill:
        curve.result, curve.words = "confirmed", f"{told}."
    elif matters and share > SLIGHT:
        curve.result, curve.words = "contradicted", f"{told}."
    else:
        curve.words = f"{told}; the interval reaches up to {high / skill:.0%}."


def _about_direction(curve: Curve, claim: Claim, matters: bool, responses: Array, drawn: list[Array]) -> None:
    sign = 1 if claim.effect == "raises" else -1
    weights = np.linspace(-1, 1, len(curve.grid))
    slope = (weights[:, None] * responses).sum(axis=0) * sign
    low, high = np.quantile([slope[i].mean() for i in drawn], [0.025, 0.975])
    steps = np.diff(responses.mean(axis=1)) * sign
    moved = float(np.abs(steps).sum())
    share = float(steps[steps > 0].sum() / moved) if moved > 0 else 0.0
    first, last = responses.mean(axis=1)[[0, -1]]
    path = (
        f"as “{claim.feature}” goes from {curve.grid[0]:.4g} to {curve.grid[-1]:.4g}, the prediction goes from "
        f"{first:.4g} to {last:.4g}"
    )
    if high < 0 and moved > 0 and matters:
        curve.result, curve.words = "contradicted", f"on held-out rows it is the other way round: {path}."
    elif not matters:
        curve.words = f"permuting “{claim.feature}” on held-out rows costs nothing that can be told from chance."
    elif low > 0 and share >= ONE_WAY:
        curve.result, curve.words = "confirmed", f"{path}."
    elif low > 0:
        curve.words = f"{path}, but only {share:.0%} of the movement goes that way: it turns in between."
    else:
        curve.words = f"{path}; the direction is not settled."


def _planted(inquiry: Inquiry, feature: str) -> tuple[Study, str]:
    """The study with a column of noise and a copy of the claimed feature, where the estimator takes them."""
    study, twin = inquiry.study, f"gradus_copy_of_{feature}"
    if not inquiry.planted:
        return study, twin
    X = study.X.copy()
    X[NOISE] = inquiry.rng.normal(size=len(X))
    X[twin] = X[feature]
    return replace(study, X=X), twin


def _alike(study: Study, feature: str) -> list[str]:
    """Other columns that are ordered nearly as this one is, a planted copy among them."""
    import pandas as pd

    column = study.X[feature]
    found = []
    for name in study.X.columns:
        if name == feature:
            continue
        other = study.X[name]
        if other.dtype == column.dtype and other.equals(column.rename(name)):
            found.append(str(name))
        elif pd.api.types.is_numeric_dtype(other) and pd.api.types.is_numeric_dtype(column):
            both = pd.concat([column, other], axis=1).dropna().rank().to_numpy()
            if len(both) > 10 and both.std(axis=0).min() > 0 and abs(np.corrcoef(both.T)[0, 1]) >= ALIKE:
                found.append(str(name))
    return found


def _permuted(study: Study, names: list[str], order: Array) -> dict[str, pd.Series[Any]]:
    return {name: study.X[name].iloc[order].reset_index(drop=True) for name in names}


def _constant(column: pd.Series[Any], value: Any) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(np.full(len(column), value)).astype(column.dtype)


def _grid(column: pd.Series[Any]) -> list[Any]:
    """Values from the 5th to the 95th percentile that really occur; all of them where there are few."""
    there = np.sort(column.dropna().to_numpy(dtype=float))
    different = np.unique(there)
    if len(different) <= GRID:
        return [float(value) for value in different]
    chosen = np.unique(np.quantile(there, np.linspace(0.05, 0.95, GRID), method="nearest"))
    if len(chosen) < 3:
        chosen = different[np.linspace(0, len(different) - 1, GRID).round().astype(int)]
    return [float(value) for value in chosen]


def _loss(study: Study, rows: Array, values: Array) -> Array:
    """Squared error of numbers or chances, row by row."""
    truth = study.truth[rows]
    if study.problem.kind == "regression":
        return np.asarray((truth - values) ** 2)
    if study.problem.kind == "binary":
        return np.asarray(((truth == study.problem.positive) - values) ** 2)
    return np.asarray(((np.eye(values.shape[1])[truth] - values) ** 2).sum(axis=1))


def _constant_guess(study: Study, values: Array) -> Array:
    if study.problem.kind == "regression":
        return np.full(len(values), study.truth.mean())
    if study.problem.kind == "binary":
        return np.full(len(values), (study.truth == study.problem.positive).mean())
    return np.tile(np.bincount(study.truth, minlength=values.shape[1]) / len(study), (len(values), 1))


def _response(study: Study, place: int | None, values: Array) -> Array:
    if study.problem.kind == "regression":
        return values
    if study.problem.kind == "binary":
        return values if place in (None, study.problem.positive) else 1 - values
    return np.asarray(values[:, place if place is not None else 0])
