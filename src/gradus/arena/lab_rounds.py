"""One round of the lab: rows drawn anew, every family tuned alike, each scored once.

Each family gets the same number of settings, judged on the same inner folds of the train rows; its best is fitted to
all of them and scored once on the test rows.
"""

from __future__ import annotations

import hashlib
import json
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.arena.models import ID, Array, Contest, Options
from gradus.arena.pipelines import Setting
from gradus.vault import Task

if TYPE_CHECKING:
    import pandas as pd

    from gradus.arena.lab_models import Family

ORDERED = frozenset({"sunspots"})
"""Real data in order of time: rounds move the moment at which the test rows begin."""


@dataclass(frozen=True)
class Design:
    """What a run of the lab does. ``rows`` bounds the train rows of a round, ``settings`` is the tuning budget."""

    data: tuple[str, ...]
    rounds: int = 5
    settings: int = 8
    folds: int = 3
    rows: int = 500
    seed: int = 0

    @property
    def key(self) -> str:
        """The hash of all that one round depends on: settings, sources, libraries. ``data`` and ``rounds`` are not."""
        from importlib.metadata import version

        own = {key: value for key, value in asdict(self).items() if key not in ("data", "rounds")}
        marks = hashlib.sha256(json.dumps(own, sort_keys=True).encode())
        marks.update(f"{version('scikit-learn')} {version('numpy')} {boosting_version()}".encode())
        for module in ("lab_rounds.py", "lab_models.py", "pipelines.py", "processes.py", "worlds.py", "real.py"):
            marks.update(Path(__file__).with_name(module).read_bytes())
        return marks.hexdigest()[:24]


@dataclass(frozen=True)
class Round:
    """One round on one data set: the families' test scores, what guessing scores, and the best possible if known.

    ``seconds`` are those of computing, as other programs may be running.
    """

    data: str
    round: int
    train: int
    test: int
    columns: int
    guess: float
    optimum: float | None
    scores: dict[str, float]
    inner: dict[str, float]
    seconds: dict[str, float]
    chosen: dict[str, str]


def measure(
    contest: Contest, plan: Design, number: int, kinds: Sequence[Family],
    tell: Callable[[str, int], None] | None = None, stopped: Callable[[], bool] | None = None,
) -> Round | None:  # fmt: skip
    """One round on one data set; None when it was stopped."""
    train, y, test, truth, task, best = rows_of(contest, plan, number)
    setting = setting_of(train, y, task)
    folds = inner_folds(y, plan, number, task, contest.id in ORDERED)
    scores, inner, seconds, chosen = {}, {}, {}, {}
    for place, family in enumerate(kinds):
        if stopped is not None and stopped():
            return None
        begun = time.process_time()
        given, inner[family.id] = tuned(family, setting, train, y, folds, task, plan, number)
        model = _fitted(family, setting, given, train, y, number)
        scores[family.id] = task.score(truth, answers(model, test, task))
        seconds[family.id] = round(time.process_time() - begun, 2)
        chosen[family.id] = ", ".join(f"{key} {_short(value)}" for key, value in given.items()) or "defaults"
        if tell is not None:
            tell(family.title, place + 1)
    optimum = None if best is None else task.score(truth, best)
    return Round(
        contest.id, number, len(train), len(test), train.shape[1], task.score(truth, guess(y, len(test), task)),
        optimum, scores, inner, seconds, chosen,
    )  # fmt: skip


def rows_of(
    contest: Contest, plan: Design, number: int
) -> tuple[pd.DataFrame, Array, pd.DataFrame, Array, Task, Array | None]:
    """A round's train rows and answers, test rows and answers, the task, and the best possible predictions."""
    import pandas as pd

    drawn = contest.draw(plan.seed * 1000 + number, Options(rows=max(120, plan.rows)))
    task = Task(lab_metric(contest), drawn.task.classes, drawn.task.positive)
    y, truth = task.truth(drawn.train[drawn.target].astype(str).tolist()), task.truth(drawn.answers)
    train, test = drawn.train.drop(columns=[ID, drawn.target]), drawn.test.drop(columns=ID)
    if contest.id in ORDERED:  # drawing anew gives the same rows: let the present move instead
        both, all_y = pd.concat([train, test], ignore_index=True), np.concatenate([y, truth])
        block = len(both) // 8
        cut = len(both) - block * (5 - number % 5)
        train, y, test, truth = both[:cut], all_y[:cut], both[cut : cut + block], all_y[cut : cut + block]
    rng = np.random.default_rng([plan.seed, number, 1])
    if len(train) > plan.rows and contest.id not in ORDERED:
        kept = rng.permutation(len(train))[: plan.rows]
        train, y = train.iloc[kept], y[kept]
    return train, y, test, truth, task, drawn.best


def lab_metric(contest: Contest) -> str:
    """The metric that families are chosen and scored by: the data set's, but numbers by their squares.

    All four families fit squared errors. The mean absolute error asks for medians, which none of them aims at.
    """
    return "rmse" if contest.metric == "mae" else contest.metric


def setting_of(train: pd.DataFrame, y: Array, task: Task) -> Setting:
    """What the pipelines are built for."""
    numeric = tuple(name for name in train.columns if train[name].dtype.kind in "ifub")
    words = tuple(name for name in train.columns if name not in numeric)
    return Setting(task.measure.wants == "number", numeric, words, len(train), len(np.unique(y)))


def inner_folds(y: Array, plan: Design, number: int, task: Task, ordered: bool) -> list[tuple[Array, Array]]:
    """The folds that all families choose their settings on."""
    from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit

    if ordered:
        return list(TimeSeriesSplit(plan.folds).split(y))
    split = KFold if task.measure.wants == "number" else StratifiedKFold
    return list(split(plan.folds, shuffle=True, random_state=1000 * plan.seed + number).split(y, y))


def tuned(
    family: Family, setting: Setting, train: pd.DataFrame, y: Array, folds: Sequence[tuple[Array, Array]], task: Task,
    plan: Design, number: int,
) -> tuple[dict[str, Any], float]:  # fmt: skip
    """The best of ``plan.settings`` settings on the inner folds, the default among them, and its mean inner score."""
    rng = np.random.default_rng([plan.seed, number, sum(map(ord, family.id))])
    tried = [{}, *(dict(family.draw(rng, setting)) for _ in range(plan.settings - 1))]
    gains = []
    for given in tried:
        scores = []
        for inside, outside in folds:
            model = _fitted(family, setting, given, train.iloc[inside], y[inside], number)
            scores.append(task.score(y[outside], answers(model, train.iloc[outside], task)))
        gains.append(float(np.nanmean([task.measure.gain(score) for score in scores])))
    at = int(np.nanargmax(gains))
    return tried[at], task.measure.gain(gains[at])


def _fitted(family: Family, setting: Setting, given: dict[str, Any], X: pd.DataFrame, y: Array, seed: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a network that 200 passes do not settle is one of the settings
        return family.build(setting, given, seed).fit(X, y)


def answers(model: Any, X: pd.DataFrame, task: Task) -> Array:
    """What the task asks for: chances of the positive class, codes of classes, or numbers (n,)."""
    if task.measure.wants == "chance":
        return np.asarray(model.predict_proba(X)[:, 1], dtype=float)
    return np.asarray(model.predict(X))


def guess(y: Array, m: int, task: Task) -> Array:
    """The same answer for all: the share of the positive class, the commonest class, or the mean."""
    if task.measure.wants == "class":
        values, counts = np.unique(y, return_counts=True)
        return np.full(m, values[counts.argmax()])
    return np.full(m, np.mean(y), dtype=float)


def boosting_version() -> str:
    """XGBoost's version, or nothing."""
    from importlib.util import find_spec

    if find_spec("xgboost") is None:
        return ""
    from importlib.metadata import PackageNotFoundError, version

    for name in ("xgboost-cpu", "xgboost"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "unknown"


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
