"""The learner's score recomputed on folds they did not choose, and beside baselines, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks.probes.resampling import paired_bootstrap, resamples
from gradus.milestones.stage1 import NotApplicable, ProbeFailed
from gradus.milestones.stage2_folds import Fold, make_folds
from gradus.milestones.stage2_scores import Metric, metric_for

if TYPE_CHECKING:
    from gradus.milestones.stage2_answers import Answers
    from gradus.milestones.stage2_data import Array, Study
    from gradus.milestones.stage2_declared import Declared
    from gradus.milestones.stage2_work import Work

RESAMPLES = 1000
CLAIM_ERRORS = 2.0
#: Models that differ by less than this share of what a baseline gains over guessing are as good as each other.
SAME = 0.01
BASELINES = {"guessing": "guessing", "linear": "a linear model", "boosting": "default boosting"}
Found = tuple[str, dict[str, Any]]


@dataclass
class Contest:
    """The learner's predictions on Gradus' folds, and what was compared with them."""

    work: Work
    study: Study
    declared: Declared
    rng: np.random.Generator
    folds: list[Fold] = field(init=False)
    metric: Metric = field(init=False)
    built: Answers | None = None
    evaluated: Answers | None = None
    score: float = float("nan")
    error: float = float("nan")
    fold_scores: list[float] = field(default_factory=list)
    rivals: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folds = make_folds(self.study, self.rng)
        self.metric = metric_for(self.declared.score.metric, self.study.problem)

    @property
    def rows(self) -> Array:
        """The rows that some fold tests, fold by fold."""
        return np.concatenate([test for _, test in self.folds])

    @property
    def truth(self) -> Array:
        return self.study.truth[self.rows]

    @property
    def units(self) -> Array | None:
        """What is drawn together when rows are resampled: the declared groups, or stretches of neighboring moments."""
        if self.study.groups is not None:
            return self.study.groups[self.rows]
        if self.study.time is not None:
            ranks = np.argsort(np.argsort(self.study.time[self.rows], kind="stable"), kind="stable")
            return np.asarray(ranks // max(1, round(len(ranks) ** (1 / 3))))
        return None

    @property
    def values(self) -> Array:
        """The predictions that the score is about."""
        best = self.evaluated or self.built
        assert best is not None
        return best.only(self.rows)


def recomputed(contest: Contest) -> Found:
    """Cross-validate ``build()`` and ``evaluate()`` on Gradus' folds, and hold the claimed score against them."""
    metric = contest.metric
    contest.built = contest.work.crossed(contest.study, contest.folds)
    contest.evaluated = contest.work.evaluate(contest.study, contest.folds)
    if metric.needs_chances and contest.evaluated.hard:
        raise ProbeFailed(
            f"`{metric.name}` ranks chances, and `evaluate` returns labels: that is one threshold's worth of it. "
            "Return "
            "`predict_proba` (the positive class's column).",
            metric=metric.name,
        )  # fmt: skip
    contest.score = metric.score(contest.truth, contest.values)
    contest.error = spread(metric, contest.truth, contest.values, contest.units, contest.rng)
    contest.fold_scores = [
        metric.score(contest.study.truth[test], (contest.evaluated or contest.built).only(test))
        for _, test in contest.folds
    ]
    built = metric.score(contest.truth, contest.built.only(contest.rows))
    claimed = contest.declared.score.value
    measured = {
        "metric": metric.name, "score": contest.score, "standard_error": contest.error, "claimed": claimed,
        "folds": [round(score, 4) for score in contest.fold_scores], "split": split_words(contest.study),
        "build_alone": built,
    }  # fmt: skip
    beyond = metric.sign * (claimed - contest.score)
    if beyond > CLAIM_ERRORS * max(contest.error, 1e-9) + 5e-4:
        raise ProbeFailed(
            f"You claim {metric.title} {claimed:.4g}. On folds you did not choose ({split_words(contest.study)}) it is "
            f"{contest.score:.4g}, with a standard error of {contest.error:.2g}: the claim lies "
            f"{beyond / max(contest.error, 1e-9):.1f} of them above. The best of many tries, a split in which rows "
            "help "
            "each other, or the score on training rows is the usual reason.",
            leak="optimistic_claim", **measured,
        )  # fmt: skip
    words = f"{metric.title} {contest.score:.4g} ± {contest.error:.2g} on {split_words(contest.study)}"
    words += f"; claimed {claimed:.4g}."
    if -beyond > CLAIM_ERRORS * max(contest.error, 1e-9) + 5e-4:
        words += " Your claim is more modest than what is measured here."
    return words, measured


def split_words(study: Study) -> str:
    """The split in words."""
    if study.time is not None:
        return "folds in order of time"
    return "folds of whole groups" if study.groups is not None else "shuffled folds"


def baselines(contest: Contest) -> Found:
    """Guessing, a linear model and default boosting on the same folds, by paired bootstrap."""
    metric, truth = contest.metric, contest.truth
    sorted_by: dict[str, list[str]] = {"won": [], "tie": [], "lost": []}
    guessing = metric.score(truth, rival("guessing", contest.study, contest.folds)[contest.rows])
    for name in BASELINES:
        theirs = rival(name, contest.study, contest.folds)[contest.rows]
        gain = paired_bootstrap(
            metric.gain, truth, contest.values, theirs, contest.rng, units=contest.units, many=RESAMPLES
        )
        same = SAME * abs(metric.score(truth, theirs) - guessing) if name != "guessing" else 0.0
        contest.rivals[name] = {
            "score": metric.score(truth, theirs), "gain": gain.estimate, "low": gain.low, "high": gain.high,
            "result": "won" if gain.low > same else "lost" if gain.high < -same else "tie",
        }  # fmt: skip
        sorted_by[contest.rivals[name]["result"]].append(name)
    won, tied, lost = sorted_by["won"], sorted_by["tie"], sorted_by["lost"]
    measured = {name: _in_short(found) for name, found in contest.rivals.items()}
    if "guessing" in lost:
        raise ProbeFailed("Your model does worse than guessing without looking at the features.", **measured)
    if "guessing" in tied:
        raise NotApplicable(
            f"Missing evidence: on {len(truth):,} tested rows your model cannot be told from guessing "
            f"(95 % interval of the gain {contest.rivals['guessing']['low']:+.3g} to "
            f"{contest.rivals['guessing']['high']:+.3g}). More rows, or better features, would show it."
        )
    reason = contest.declared.score.accept_loss
    beaten = ", ".join(f"{BASELINES[name]} ({contest.rivals[name]['score']:.4g})" for name in lost)
    if lost and not reason:
        raise ProbeFailed(
            f"Beaten by {beaten}; yours is {contest.score:.4g}, and the paired interval leaves out a tie. Use what is "
            "better, or say in claims.toml why not: `accept_loss = \"…\"` under [score].",
            **measured,
        )  # fmt: skip
    parts = [f"better than {_and(won)}" if won else "", f"an honest tie with {_and(tied)}" if tied else ""]
    if lost:
        parts.append(f"beaten by {beaten}, which you accept: {reason}")
    words = "; ".join(part for part in parts if part).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}.", measured


def _in_short(found: dict[str, Any]) -> str:
    interval = f"95 % {found['low']:+.3g} to {found['high']:+.3g}"
    return f"{found['score']:.4g} ({found['result']}: {found['gain']:+.3g}, {interval})"


def _and(names: list[str]) -> str:
    return " and ".join(BASELINES[name] for name in names)


def spread(metric: Metric, truth: Array, values: Array, units: Array | None, rng: np.random.Generator) -> float:
    """The standard error of a score: its deviation over resamples of the rows, or of whole groups."""
    drawn = resamples(len(truth), units, RESAMPLES // 2, rng)
    return float(np.std([metric.score(truth[i], values[i]) for i in drawn]))


def rival(name: str, study: Study, folds: list[Fold]) -> Array:
    """A baseline's predictions (n,) or (n, K), NaN where no fold tests; it sees what the learner's model sees."""
    import warnings

    from threadpoolctl import threadpool_limits

    n, problem = len(study), study.problem
    many = len(problem.classes)
    values = np.full((n, many) if problem.kind == "multiclass" else n, np.nan)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for train, test in folds:
            if name == "guessing":
                if problem.kind == "regression":
                    values[test] = study.truth[train].mean()
                else:
                    shares = np.bincount(study.truth[train], minlength=many) / len(train)
                    values[test] = shares[problem.positive] if problem.kind == "binary" else shares
                continue
            model = _model(name, study)
            model.fit(study.X.iloc[train], study.truth[train])
            if problem.kind == "regression":
                values[test] = model.predict(study.X.iloc[test])
                continue
            chances = np.zeros((len(test), many))
            chances[:, model.classes_.astype(int)] = model.predict_proba(study.X.iloc[test])
            values[test] = chances[:, problem.positive] if problem.kind == "binary" else chances
    return values


def _model(name: str, study: Study) -> Any:
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    numeric = [c for c in study.X if pd.api.types.is_numeric_dtype(study.X[c]) and study.X[c].notna().any()]
    words = [c for c in study.X if not pd.api.types.is_numeric_dtype(study.X[c])]
    regression = study.problem.kind == "regression"
    if name == "linear":
        steps = [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numeric),
            ("words", OneHotEncoder(handle_unknown="ignore", max_categories=50), words),
        ]
        return make_pipeline(ColumnTransformer(steps), RidgeCV() if regression else LogisticRegression(max_iter=1000))
    unseen = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    return make_pipeline(
        ColumnTransformer([("numbers", "passthrough", numeric), ("words", unseen, words)]), kind(random_state=0)
    )
