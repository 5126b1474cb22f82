"""The four families that the lab compares, each with its space of settings: one random search draws from all alike.

The first setting of each family is its library's default; every other one is drawn at random. What a family gets to
see is prepared as suits it: codes for words before trees, scaled and one-hot columns before a line or a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.arena.pipelines import Setting, prepared

Given = Mapping[str, Any]
Rng = np.random.Generator


@dataclass(frozen=True)
class Family:
    """A kind of model: ``draw(rng, setting)`` gives settings, ``build(setting, given, seed)`` an unfitted pipeline."""

    id: str
    title: str
    draw: Callable[[Rng, Setting], Given]
    build: Callable[[Setting, Given, int], Any]
    space: str


def families() -> tuple[Family, ...]:
    """Boosting, a network, a forest, a line: the first two are what the lab is about."""
    return (
        Family("xgboost", "XGBoost", _boosting, _build_boosting,
               "100 to 400 trees, rate 0.01–0.3, depth 2–8, leaf weight 1–20, 50–100 % of rows, 40–100 % of columns, "
               "penalty 0.1–30; codes for words"),
        Family("network", "network", _network, _build_network,
               "one or two hidden layers of 32 to 128 units, weight decay 10⁻⁶–1, step 0.0003–0.01, stopped early or "
               "after 200 passes; scaled, one-hot; scikit-learn's MLP"),
        Family("forest", "random forest", _forest, _build_forest,
               "100 trees, leaves of 1 to 20 rows, depth 4 to 16 or none, a share of the columns; codes for words"),
        Family("line", "logistic or ridge", _line, _build_line,
               "penalty over seven orders of magnitude; scaled, one-hot"),
    )  # fmt: skip


def _log(rng: Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _pick(rng: Rng, values: tuple[Any, ...]) -> Any:
    return values[int(rng.integers(len(values)))]


def _boosting(rng: Rng, setting: Setting) -> Given:
    return {
        "n_estimators": round(_log(rng, 100, 400) / (3 if setting.classes > 2 and not setting.number else 1)),
        "learning_rate": _log(rng, 0.01, 0.3), "max_depth": int(rng.integers(2, 9)),
        "min_child_weight": _log(rng, 1, 20), "subsample": float(rng.uniform(0.5, 1)),
        "colsample_bytree": float(rng.uniform(0.4, 1)), "reg_lambda": _log(rng, 0.1, 30),
    }  # fmt: skip


def _build_boosting(setting: Setting, given: Given, seed: int) -> Any:
    from sklearn.pipeline import make_pipeline
    from xgboost import XGBClassifier, XGBRegressor

    model = XGBRegressor if setting.number else XGBClassifier
    return make_pipeline(prepared(setting, "codes"), model(n_jobs=1, random_state=seed, verbosity=0, **given))


def _network(rng: Rng, setting: Setting) -> Given:
    return {
        "hidden_layer_sizes": _pick(rng, ((32,), (64,), (128,), (64, 32), (128, 64))),
        "alpha": _log(rng, 1e-6, 1.0), "learning_rate_init": _log(rng, 3e-4, 1e-2),
        "early_stopping": bool(rng.integers(2)),
    }  # fmt: skip


def _build_network(setting: Setting, given: Given, seed: int) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    options = {"max_iter": 200, "random_state": seed, **given}
    if setting.number:  # a network steps in the target's own units: without a scale it never arrives
        model: Any = TransformedTargetRegressor(MLPRegressor(**options), transformer=StandardScaler())
    else:
        model = MLPClassifier(**options)
    return make_pipeline(prepared(setting), model)


def _forest(rng: Rng, setting: Setting) -> Given:
    return {
        "min_samples_leaf": round(_log(rng, 1, 20)), "max_features": _pick(rng, ("sqrt", 0.3, 0.5, 1.0)),
        "max_depth": _pick(rng, (None, None, 4, 8, 16)),
    }  # fmt: skip


def _build_forest(setting: Setting, given: Given, seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.pipeline import make_pipeline

    model = RandomForestRegressor if setting.number else RandomForestClassifier
    return make_pipeline(prepared(setting, "codes"), model(100, random_state=seed, n_jobs=1, **given))


def _line(rng: Rng, setting: Setting) -> Given:
    return {"strength": _log(rng, 1e-4, 1e3)}


def _build_line(setting: Setting, given: Given, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline

    strength = given.get("strength", 1.0)
    line = Ridge(1 / strength) if setting.number else LogisticRegression(C=strength, max_iter=500)
    return make_pipeline(prepared(setting), line)
