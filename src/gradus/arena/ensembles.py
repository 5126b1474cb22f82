"""The upper half of the field: forests, boosting, and blends of them."""

from __future__ import annotations

from typing import Any

from gradus.arena.pipelines import Build, Entry, Setting, piped, prepared


def ensembles() -> list[Entry]:
    """Forests, boosting and blends, the plainest first."""
    return [*_forests(), *_boosting(), *_blends()]


def _forests() -> list[Entry]:
    from sklearn.ensemble import (
        BaggingClassifier,
        BaggingRegressor,
        ExtraTreesClassifier,
        ExtraTreesRegressor,
        RandomForestClassifier,
        RandomForestRegressor,
    )

    def forest(extra: bool = False, **given: Any) -> Build:
        classes = ExtraTreesClassifier if extra else RandomForestClassifier
        number = ExtraTreesRegressor if extra else RandomForestRegressor
        return piped("codes", lambda: classes(random_state=0, **given), lambda: number(random_state=0, **given))

    return [
        Entry("Bag of trees", "forest", "Thirty full trees on resampled rows.", piped(
            "codes", lambda: BaggingClassifier(n_estimators=30, random_state=0),
            lambda: BaggingRegressor(n_estimators=30, random_state=0))),
        Entry("Forest", "forest", "A random forest of 100 trees.", forest()),
        Entry("Calm forest", "forest", "150 trees whose leaves hold at least 5 rows.",
              forest(n_estimators=150, min_samples_leaf=5)),
        Entry("Narrow forest", "forest", "150 trees that see a third of the columns at each question.",
              forest(n_estimators=150, max_features=0.34, min_samples_leaf=3)),
        Entry("Extra trees", "forest", "150 trees that cut at random places.",
              forest(True, n_estimators=150, min_samples_leaf=2)),
        Entry("Careful forest", "forest", "The calm forest, columns that changed left out.",
              forest(n_estimators=150, min_samples_leaf=5), careful=True),
    ]  # fmt: skip


def histogram(setting: Setting, rate: float = 0.1, rounds: int = 80, **given: Any) -> Any:
    """Histogram gradient boosting for the setting; it takes gaps as they are."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor if setting.number else HistGradientBoostingClassifier
    many = setting.rounds(rounds)
    return model(learning_rate=rate, max_iter=many, random_state=0, early_stopping=False, **given)


def _boosting() -> list[Entry]:
    from sklearn.ensemble import (
        AdaBoostClassifier,
        AdaBoostRegressor,
        GradientBoostingClassifier,
        GradientBoostingRegressor,
    )
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    def gradient(rounds: int, **given: Any) -> Build:
        def build(setting: Setting) -> Any:
            model = GradientBoostingRegressor if setting.number else GradientBoostingClassifier
            many = setting.rounds(rounds)
            return make_pipeline(prepared(setting, "codes"), model(n_estimators=many, random_state=0, **given))

        return build

    def boosted(rate: float = 0.1, rounds: int = 80, **given: Any) -> Build:
        return lambda setting: make_pipeline(prepared(setting, "codes"), histogram(setting, rate, rounds, **given))

    def tuned(setting: Setting) -> Any:
        search = GridSearchCV(
            histogram(setting, 0.07, 60),
            {"max_leaf_nodes": [4, 12], "min_samples_leaf": [10, 40]},
            cv=3, scoring="neg_mean_absolute_error" if setting.number else "neg_log_loss",
        )  # fmt: skip
        return make_pipeline(prepared(setting, "codes"), search)

    small = {"max_depth": 2, "subsample": 0.7, "max_features": 0.5}
    return [
        Entry("Adaptive boosting", "boosting", "AdaBoost over 50 stumps or small trees.", piped(
            "codes", lambda: AdaBoostClassifier(random_state=0), lambda: AdaBoostRegressor(random_state=0))),
        Entry("Gradient boosting", "boosting", "100 trees of depth 3, one after the other.",
              gradient(100, max_features=0.7)),
        Entry("Slow boosting", "boosting", "250 small trees at a low rate, on parts of the rows.",
              gradient(250, learning_rate=0.05, **small)),
        Entry("Hasty boosting", "boosting", "40 rounds at a high rate.", boosted(0.4, 40)),
        Entry("Histogram boosting", "boosting", "80 rounds in their default form.", boosted()),
        Entry("Shallow boosting", "boosting", "120 rounds of trees with four leaves.",
              boosted(0.08, 120, max_leaf_nodes=4)),
        Entry("Tuned boosting", "boosting", "Leaves and their size chosen by cross-validation.", tuned),
        Entry("Careful boosting", "boosting", "Trees with four leaves, columns that changed left out.",
              boosted(0.08, 120, max_leaf_nodes=4), careful=True),
    ]  # fmt: skip


def _members(setting: Setting) -> list[tuple[str, Any]]:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer

    trees = ExtraTreesRegressor if setting.number else ExtraTreesClassifier
    line = Ridge(10) if setting.number else LogisticRegression(C=0.1, max_iter=300)
    return [
        ("splines", make_pipeline(prepared(setting), SplineTransformer(4), line)),
        ("trees", make_pipeline(prepared(setting, "codes"), trees(100, min_samples_leaf=3, random_state=0))),
        ("boosting", make_pipeline(prepared(setting, "codes"), histogram(setting, 0.08, 90, max_leaf_nodes=5))),
    ]


def _blends() -> list[Entry]:
    from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor
    from sklearn.linear_model import LogisticRegression, RidgeCV

    def vote(setting: Setting) -> Any:
        members = _members(setting)
        return VotingRegressor(members) if setting.number else VotingClassifier(members, voting="soft")

    def stack(setting: Setting) -> Any:
        if setting.number:
            return StackingRegressor(_members(setting), RidgeCV(), cv=4)
        return StackingClassifier(_members(setting), LogisticRegression(C=0.5, max_iter=300), cv=4)

    return [
        Entry("Blend", "blend", "The mean of splines, extra trees and boosting.", vote),
        Entry("Careful blend", "blend", "The same blend, columns that changed left out.", vote, careful=True),
        Entry("Stack", "blend", "A line over the three, fitted on their held-out predictions.", stack),
        Entry("Tuned ensemble", "blend", "The stack, columns that changed left out.", stack, careful=True),
    ]
