"""Planted faults that the probes of honest evaluation must find, and honest code that they must leave alone.

The tests run each a few times; ``python -m bench.probes`` runs them often and writes the rates down.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np

from gradus.checks import Behaviour, CheckFailed, call, probes

Expect = Literal["found", "silent", "blind", "rate"]
"""found: a fault to find; silent: honest; blind: a fault this probe cannot see; rate: measured without a promise."""


@dataclass(frozen=True)
class Entry:
    """A function and what a probe should say about it."""

    name: str
    expect: Expect
    probe: Behaviour
    work: Callable[..., Any]

    def says(self, seed: int) -> str | None:
        """What the probe says: a headline, or None."""
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.probe.run(
                    SimpleNamespace(_mutated=False, f=self.work, Standardizer=Standardizer),
                    np.random.default_rng([seed, 9]),
                )
        except CheckFailed as failed:
            return failed.headline
        return None

    def found(self, rounds: int) -> int:
        """How often the probe objects."""
        return sum(self.says(seed) is not None for seed in range(rounds))


# ------------------------------------------------------------------------------------------ evaluations over folds


def folded(rng: np.random.Generator, n: int = 60, d: int = 6) -> Any:
    """A table with two informative columns, two classes, three folds; scales differ."""
    y = rng.permutation(np.arange(n) % 2)
    X = rng.normal(size=(n, d)) * 10.0 ** rng.uniform(-1, 1, size=d)
    X[:, :2] += y[:, None] * X[:, :2].std(axis=0)
    return X, y, rng.permutation(np.arange(n) % 3)


def wide(rng: np.random.Generator) -> Any:
    """Many columns of noise and few rows."""
    return folded(rng, 45, 60)


def very_wide(rng: np.random.Generator) -> Any:
    """Hundreds of columns of noise."""
    return folded(rng, 45, 300)


def coded(rng: np.random.Generator) -> Any:
    """A column with twenty categories beside noise."""
    X, y, folds = folded(rng)
    X[:, 0] = rng.integers(20, size=len(X))
    return X, y, folds


def holes(rng: np.random.Generator) -> Any:
    """A tenth of the values is missing."""
    X, y, folds = folded(rng)
    return np.where(rng.random(X.shape) < 0.1, np.nan, X), y, folds


def numbers(rng: np.random.Generator) -> Any:
    """Numbers to predict."""
    X, _, folds = folded(rng)
    return X, (X / X.std(axis=0)).sum(axis=1) + rng.normal(size=len(X)), folds


def people(rng: np.random.Generator) -> Any:
    """Fifteen people with four alike rows each and one label; folds cut them."""
    who = np.repeat(np.arange(15), 4)
    X = rng.normal(size=(15, 6))[who] + 0.05 * rng.normal(size=(60, 6))
    return X, rng.permutation(np.arange(15) % 2)[who], rng.permutation(np.arange(60) % 3), who


def by_fold(X: Any, y: Any, folds: Any, make: Callable[[], Any], *, method: str = "predict") -> Any:
    """Predict each fold with a model fitted on the others."""
    out = np.empty(len(y), dtype=float)
    for fold in np.unique(folds):
        test = folds == fold
        said = getattr(make().fit(X[~test], y[~test]), method)(X[test])
        out[test] = said[:, 1] if said.ndim == 2 else said
    return out


def logistic() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()


def neighbors() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(3)


def forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(8, random_state=0)


def piped(*steps: Any) -> Callable[[], Any]:
    """Return a maker of fresh pipelines; `steps` are makers."""
    from sklearn.pipeline import make_pipeline

    return lambda: make_pipeline(*(step() for step in steps))


def scaler() -> Any:
    from sklearn.preprocessing import StandardScaler

    return StandardScaler()


def pca() -> Any:
    from sklearn.decomposition import PCA

    return PCA(2)


def imputer() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer()


def best_columns() -> Any:
    from sklearn.feature_selection import SelectKBest

    return SelectKBest(k=3)


def before_split(step: Callable[[], Any], model: Callable[[], Any], labeled: bool = False) -> Callable[..., Any]:
    """Fit a step on the whole table, then cross-validate the model: the leak."""

    def evaluate(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
        return by_fold(step().fit_transform(X, y if labeled else None), y, folds, model, method="predict_proba")

    return evaluate


def inside(*steps: Callable[[], Any], method: str = "predict_proba") -> Callable[..., Any]:
    """Fit everything within the training rows: honest."""
    return lambda X, y, folds, *rest: by_fold(X, y, folds, piped(*steps), method=method)


def trained_on_all(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
    return neighbors().fit(X, y).predict_proba(X)[:, 1]


def scaled_by_itself(X: Any, y: Any, folds: Any) -> Any:
    out = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        model = logistic().fit(scaler().fit_transform(X[~test]), y[~test])
        out[test] = model.predict_proba(scaler().fit_transform(X[test]))[:, 1]
    return out


def scaled_by_hand(X: Any, y: Any, folds: Any) -> Any:
    return by_fold((X - X.mean(axis=0)) / X.std(axis=0), y, folds, logistic, method="predict_proba")


def target_means(X: Any, y: Any, folds: Any) -> Any:
    """Encode the first column by the mean label of its category, over all rows."""
    means = {value: y[X[:, 0] == value].mean() for value in np.unique(X[:, 0])}
    Z = np.column_stack([[means[value] for value in X[:, 0]], X[:, 1:3]])
    return by_fold(Z, y, folds, piped(scaler, logistic), method="predict_proba")


def target_means_inside(X: Any, y: Any, folds: Any) -> Any:
    out = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        default = y[~test].mean()
        known = X[~test][:, 0]
        means = {value: y[~test][known == value].mean() for value in np.unique(known)}
        Z = np.column_stack([[means.get(value, default) for value in X[:, 0]], X[:, 1:3]])
        out[test] = piped(scaler, logistic)().fit(Z[~test], y[~test]).predict_proba(Z[test])[:, 1]
    return out


def oversampled_first(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
    """Copy random rows, deal them out to folds, train: copies of held-out rows are trained on."""
    extra = np.random.default_rng(0).integers(len(y), size=len(y))
    rows = np.concatenate([np.arange(len(y)), extra])
    places = np.concatenate([folds, np.roll(folds, 1)])
    out = np.empty(len(y))
    for fold in np.unique(folds):
        train = rows[places != fold]
        model = piped(scaler, neighbors)().fit(X[train], y[train])
        out[folds == fold] = model.predict_proba(X[folds == fold])[:, 1]
    return out


def oversampled_inside(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
    out = np.empty(len(y))
    for fold in np.unique(folds):
        train = np.flatnonzero(folds != fold)
        train = np.concatenate([train, np.random.default_rng(0).choice(train, len(train))])
        model = piped(scaler, neighbors)().fit(X[train], y[train])
        out[folds == fold] = model.predict_proba(X[folds == fold])[:, 1]
    return out


def _best_k(X: Any, y: Any, folds: Any, honest: bool) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    out = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        train = np.flatnonzero(~test)
        fit, judge = (train[::2], train[1::2]) if honest else (train, np.flatnonzero(test))
        tried = [KNeighborsClassifier(k).fit(X[fit], y[fit]) for k in range(1, 16, 2)]
        best = tried[int(np.argmax([model.score(X[judge], y[judge]) for model in tried]))]
        out[test] = best.predict_proba(X[test])[:, 1]
    return out


def tuned_on_held_out(X: Any, y: Any, folds: Any) -> Any:
    return _best_k(X, y, folds, honest=False)


def tuned_inside(X: Any, y: Any, folds: Any) -> Any:
    return _best_k(X, y, folds, honest=True)


def searched_on_all(X: Any, y: Any, folds: Any) -> Any:
    """Choose k by a grid search over all rows, then cross-validate with it."""
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier

    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5, 9]}, cv=3).fit(X, y)
    return by_fold(X, y, folds, lambda: KNeighborsClassifier(**search.best_params_), method="predict_proba")


def nested_search(X: Any, y: Any, folds: Any) -> Any:
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier

    return by_fold(
        X, y, folds, lambda: GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5, 9]}, cv=3),
        method="predict_proba",
    )  # fmt: skip


def centroids(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
    """Nearest mean, in NumPy alone."""
    out = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        mean, spread = X[~test].mean(axis=0), X[~test].std(axis=0)
        Z = (X - mean) / np.where(spread > 0, spread, 1)
        centers = [Z[~test & (y == kind)].mean(axis=0) for kind in (0, 1)]
        out[test] = np.argmin([((Z[test] - center) ** 2).sum(axis=1) for center in centers], axis=0)
    return out


def ridge_by_hand(X: Any, y: Any, folds: Any) -> Any:
    out = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        A = np.column_stack([X[~test], np.ones((~test).sum())])
        out[test] = np.column_stack([X[test], np.ones(test.sum())]) @ np.linalg.solve(
            A.T @ A + np.eye(A.shape[1]), A.T @ y[~test]
        )
    return out


def residuals_leak(X: Any, y: Any, folds: Any) -> Any:
    """Clip the target's outliers by quantiles over all rows, then fit."""
    return ridge_by_hand(X, np.clip(y, *np.quantile(y, [0.2, 0.8])), folds)


def boosted(X: Any, y: Any, folds: Any, *rest: Any) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return by_fold(X, y, folds, lambda: GradientBoostingClassifier(n_estimators=8, random_state=0))


def with_final_model(X: Any, y: Any, folds: Any) -> Any:
    """Cross-validate, then fit the model that goes into use on everything: honest."""
    out = inside(scaler, logistic)(X, y, folds)
    piped(scaler, logistic)().fit(X, y)
    return out


class Standardizer:
    """A scaler of the learner's own."""

    def fit(self, X: Any) -> Standardizer:
        self.mean, self.spread = X.mean(axis=0), X.std(axis=0)
        return self

    def transform(self, X: Any) -> Any:
        return (X - self.mean) / self.spread


def own_class_on_all(X: Any, y: Any, folds: Any) -> Any:
    return by_fold(Standardizer().fit(X).transform(X), y, folds, forest, method="predict_proba")


def groups_whole(X: Any, y: Any, folds: Any, who: Any) -> Any:
    """Hold out whole people instead of the folds given."""
    return by_fold(X, y, who % 3, piped(scaler, neighbors), method="predict_proba")


def heldout_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, make: Any, work: Any, **more: Any) -> Entry:
        return Entry(name, expect, probes.heldout_edit(of="f", make=make, held=2, **more), work)

    def whole_test(rng: np.random.Generator) -> Any:
        X, y, _ = folded(rng)
        return X[:40], y[:40], X[40:]

    def batch(X: Any, y: Any, new: Any) -> Any:
        both = scaler().fit_transform(np.concatenate([X, new]))
        return logistic().fit(both[: len(X)], y).predict_proba(both[len(X) :])[:, 1]

    apart = probes.heldout_edit(of="f", make=whole_test, held=None, table=2, labels=None)
    return [
        entry("scaler on all rows, then logistic regression", "found", folded, before_split(scaler, logistic)),
        entry("scaler on all rows, then nearest neighbors", "found", folded, before_split(scaler, neighbors)),
        entry("scaler by hand on all rows", "found", folded, scaled_by_hand),
        entry("test rows scaled by themselves", "found", folded, scaled_by_itself),
        entry("means filled in from all rows", "found", holes, before_split(piped(imputer, scaler), logistic)),
        entry("PCA on all rows", "found", folded, before_split(piped(scaler, pca), logistic)),
        entry("columns chosen on all rows", "found", wide, before_split(best_columns, neighbors, labeled=True)),
        entry("target means over all rows", "found", coded, target_means),
        entry("rows copied before the split", "found", folded, oversampled_first),
        entry("trained on all rows", "found", folded, trained_on_all),
        entry("target clipped by quantiles of all rows", "found", numbers, residuals_leak),
        entry("k chosen on the held-out fold", "rate", folded, tuned_on_held_out),
        entry("k searched on all rows", "rate", folded, searched_on_all),
        Entry("new rows scaled together with the training rows", "found", apart, batch),
        entry("scaler on all rows, then a forest", "blind", folded, before_split(scaler, forest)),
        entry("own scaler class on all rows, then a forest", "blind", folded, own_class_on_all),
        entry("pipeline: scaler, logistic regression", "silent", folded, inside(scaler, logistic)),
        entry("pipeline: scaler, nearest neighbors", "silent", folded, inside(scaler, neighbors)),
        entry("pipeline: imputer, scaler, logistic regression", "silent", holes, inside(imputer, scaler, logistic)),
        entry("pipeline: scaler, PCA, logistic regression", "silent", folded, inside(scaler, pca, logistic)),
        entry("pipeline: choice of columns, nearest neighbors", "silent", wide, inside(best_columns, neighbors)),
        entry("forest", "silent", folded, inside(forest)),
        entry("boosted trees", "silent", folded, boosted),
        entry("nearest mean in NumPy", "silent", folded, centroids),
        entry("ridge in NumPy, on numbers", "silent", numbers, ridge_by_hand),
        entry("target means within the training rows", "silent", coded, target_means_inside),
        entry("rows copied within the training rows", "silent", folded, oversampled_inside),
        entry("k chosen within the training rows", "silent", folded, tuned_inside),
        entry("nested grid search", "silent", folded, nested_search),
        Entry("new rows put through the fitted scaler", "silent", apart,
              lambda X, y, new: piped(scaler, logistic)().fit(X, y).predict_proba(new)[:, 1]),
    ]  # fmt: skip


def spy_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, make: Any, work: Any) -> Entry:
        return Entry(name, expect, probes.fit_spy(of="f", make=make, held=2), work)

    def with_functions(rng: np.random.Generator) -> Any:
        X, y, folds = folded(rng)
        return call(X, y, folds, fit=lambda X, y: (X[y == 0].mean(axis=0), X[y == 1].mean(axis=0)))

    def crossed(X: Any, y: Any, folds: Any, fit: Any) -> Any:
        return [fit(X[folds != fold], y[folds != fold]) for fold in np.unique(folds)]

    def crossed_after_scaling(X: Any, y: Any, folds: Any, fit: Any) -> Any:
        return crossed(X - X.mean(axis=0), y, folds, fit)

    given = probes.fit_spy(of="f", make=with_functions, held=2, fits="fit")
    return [
        entry("scaler on all rows, then a forest", "found", folded, before_split(scaler, forest)),
        entry("scaler on all rows, then logistic regression", "found", folded, before_split(scaler, logistic)),
        entry("own scaler class on all rows, then a forest", "found", folded, own_class_on_all),
        entry("means filled in from all rows, then a forest", "found", holes, before_split(imputer, forest)),
        entry("PCA on all rows", "found", folded, before_split(piped(scaler, pca), logistic)),
        entry("columns chosen on all rows", "found", wide, before_split(best_columns, neighbors, labeled=True)),
        entry("k searched on all rows", "found", folded, searched_on_all),
        entry("rows copied before the split", "found", folded, oversampled_first),
        entry("trained on all rows", "found", folded, trained_on_all),
        Entry("a given `fit` called with all rows", "found", given, lambda X, y, folds, fit: [fit(X, y)] * 3),
        entry("scaler by hand on all rows", "blind", folded, scaled_by_hand),
        entry("test rows scaled by themselves", "blind", folded, scaled_by_itself),
        entry("target means over all rows", "blind", coded, target_means),
        Entry("table centered by hand before a given `fit`", "blind", given, crossed_after_scaling),
        entry("pipeline: scaler, logistic regression", "silent", folded, inside(scaler, logistic)),
        entry("pipeline: imputer, forest", "silent", holes, inside(imputer, forest)),
        entry("pipeline: choice of columns, nearest neighbors", "silent", wide, inside(best_columns, neighbors)),
        entry("the same, and a final model on all rows", "silent", folded, with_final_model),
        entry("boosted trees", "silent", folded, boosted),
        entry("nearest mean in NumPy", "silent", folded, centroids),
        entry("rows copied within the training rows", "silent", folded, oversampled_inside),
        entry("k chosen within the training rows", "silent", folded, tuned_inside),
        entry("nested grid search", "silent", folded, nested_search),
        Entry("a given `fit` called with each fold's training rows", "silent", given, crossed),
    ]  # fmt: skip


def null_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, make: Any, work: Any, **more: Any) -> Entry:
        return Entry(name, expect, probes.null_labels(of="f", make=make, held=2, **more), work)

    def two_sides(rng: np.random.Generator) -> Any:
        """Every row twice, its copy in another fold."""
        X, y, folds = folded(rng, 30)
        return np.concatenate([X, X]), np.concatenate([y, y]), np.concatenate([folds, (folds + 1) % 3])

    def twins_apart(X: Any, y: Any, folds: Any) -> Any:
        return inside(scaler, neighbors)(X, y, np.tile(folds[:30], 2))

    def accuracy_of(work: Any) -> Any:
        return lambda X, y, folds: float(((work(X, y, folds) > 0.5) == y).mean())

    score = {"chance": 0.5}
    chosen_first = before_split(piped(scaler, best_columns), neighbors, labeled=True)
    return [
        entry("columns chosen on all rows", "found", very_wide, chosen_first),
        entry("columns chosen on all rows, score returned", "found", very_wide,
              accuracy_of(chosen_first), **score),
        entry("rows copied before the split", "rate", folded, oversampled_first),
        entry("trained on all rows", "found", folded, trained_on_all),
        entry("target means over all rows", "found", coded, target_means),
        entry("people on both sides", "found", people, inside(scaler, neighbors), units=3),
        entry("k chosen on the held-out fold", "rate", folded, tuned_on_held_out),
        entry("every row has a copy in another fold, labels dealt out row by row", "blind", two_sides,
              inside(scaler, neighbors)),
        entry("scaler on all rows, then logistic regression", "blind", folded, before_split(scaler, logistic)),
        entry("pipeline: scaler, logistic regression", "silent", folded, inside(scaler, logistic)),
        entry("the same, score returned", "silent", folded, accuracy_of(inside(scaler, logistic)), **score),
        entry("pipeline: choice of columns, nearest neighbors", "silent", very_wide,
              inside(scaler, best_columns, neighbors)),
        entry("target means within the training rows", "silent", coded, target_means_inside),
        entry("rows copied within the training rows", "silent", folded, oversampled_inside),
        entry("ridge in NumPy, on numbers", "silent", numbers, ridge_by_hand),
        entry("whole people held out", "silent", people, groups_whole, units=3),
        entry("copies kept together", "silent", two_sides, twins_apart),
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- splits


def _half(X: Any, rng: Any, *rest: Any) -> Any:
    rows = rng.permutation(len(X))
    return rows[: len(X) * 2 // 3], rows[len(X) * 2 // 3 :]


def _whole(X: Any, rng: Any, who: Any) -> Any:
    names = rng.permutation(np.unique(who))
    held = np.isin(who, names[: len(names) // 3])
    return np.flatnonzero(~held), np.flatnonzero(held)


def _overlapping(X: Any, rng: Any, *rest: Any) -> Any:
    train, test = _half(X, rng)
    return np.append(train, test[0]), test


def audit_entries() -> list[Entry]:
    def table(kind: str, n: int = 90) -> Callable[[np.random.Generator], Any]:
        def make(rng: np.random.Generator) -> Any:
            X, who = rng.normal(size=(n, 5)), np.arange(n)
            if kind in ("copies", "near copies"):
                many = 25
                X[-many:] = X[:many] + (0 if kind == "copies" else 1e-4) * rng.normal(size=(many, 5))
                who[-many:] = who[:many]
            elif kind == "people":
                who = np.repeat(np.arange(n // 3), 3)
            elif kind == "few values":
                X = rng.integers(3, size=(n, 4)).astype(float)
            elif kind == "one column":
                X = rng.normal(size=(n, 1))
            elif kind == "correlated":
                X = rng.normal(size=(n, 2)) @ rng.normal(size=(2, 8)) + 0.01 * rng.normal(size=(n, 8))
            elif kind == "rounded":
                X = np.round(rng.normal(size=(n, 3)), 1)
            elif kind == "clusters":
                X = rng.normal(size=(3, 5))[rng.integers(3, size=n)] * 20 + rng.normal(size=(n, 5))
            return call(X, np.random.default_rng(int(rng.integers(2**31))), who)

        return make

    def entry(name: str, expect: Expect, kind: str, work: Any, units: int | None = None) -> Entry:
        return Entry(name, expect, probes.split_audit(of="f", make=table(kind), units=units), work)

    return [
        entry("a row on both sides", "found", "plain", _overlapping),
        entry("25 of 90 rows are exact copies, shuffled split", "found", "copies", _half),
        entry("25 of 90 rows are near copies, shuffled split", "found", "near copies", _half),
        entry("30 people with three rows, shuffled split", "found", "people", _half, 2),
        entry("copies kept together", "silent", "copies", _whole),
        entry("near copies kept together", "silent", "near copies", _whole),
        entry("people kept together", "silent", "people", _whole, 2),
        entry("five columns of normal values, shuffled split", "silent", "plain", _half),
        entry("four columns of three values, shuffled split", "silent", "few values", _half),
        entry("a single column, shuffled split", "silent", "one column", _half),
        entry("eight columns of two dimensions, shuffled split", "silent", "correlated", _half),
        entry("three columns rounded to a tenth, shuffled split", "silent", "rounded", _half),
        entry("three tight clusters, shuffled split", "silent", "clusters", _half),
    ]


# ------------------------------------------------------------------------------------------------------------- time


def series(rng: np.random.Generator) -> Any:
    """A random walk with gaps."""
    walk = np.cumsum(rng.normal(size=60))
    return call(np.where(rng.random(60) < 0.1, np.nan, walk) if rng.random() < 0.5 else walk)


def gappy(rng: np.random.Generator) -> Any:
    """Five gaps, of one or two moments."""
    walk = np.cumsum(rng.normal(size=60))
    starts = 5 + 11 * np.arange(5) + rng.integers(8, size=5)
    walk[starts] = np.nan
    walk[starts[::2] + 1] = np.nan
    return call(walk)


def plain_series(rng: np.random.Generator) -> Any:
    return call(np.cumsum(rng.normal(size=60)))


def with_outcome(rng: np.random.Generator) -> Any:
    """Features and what is forecast, row by row."""
    X = rng.normal(size=(50, 2))
    return X, X[:, 0] + np.cumsum(rng.normal(size=50)) / 3


def _pandas(how: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def compute(x: Any) -> Any:
        import pandas as pd

        return how(pd.Series(x)).to_numpy()

    return compute


def _expanding_fit(X: Any, y: Any) -> Any:
    """Forecast each moment by least squares on what came before."""
    out = np.zeros(len(y))
    for now in range(5, len(y)):
        A = np.column_stack([X[:now], np.ones(now)])
        weights = np.linalg.lstsq(A, y[:now], rcond=None)[0]
        out[now] = np.append(X[now], 1) @ weights
    return out


def _own_value_in(X: Any, y: Any) -> Any:
    """The last three outcomes' mean, the present one among them."""
    return np.array([y[max(0, i - 2) : i + 1].mean() for i in range(len(y))])


def _last_three(X: Any, y: Any) -> Any:
    return np.array([y[max(0, i - 3) : i].mean() if i else 0.0 for i in range(len(y))])


def _fitted_once(X: Any, y: Any) -> Any:
    A = np.column_stack([X, np.ones(len(X))])
    return A @ np.linalg.lstsq(A, y, rcond=None)[0]


def future_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, work: Any, make: Any = series) -> Entry:
        return Entry(name, expect, probes.future_cut(of="f", make=make), work)

    both = probes.future_cut(of="f", make=with_outcome, outcomes=1)
    return [
        entry("centered window", "found", _pandas(lambda s: s.rolling(3, center=True, min_periods=1).mean())),
        entry("gaps filled from behind", "found", _pandas(lambda s: s.bfill()), gappy),
        entry("interpolated gaps", "found",
              _pandas(lambda s: s.interpolate()), gappy),
        entry("shifted the wrong way", "found", _pandas(lambda s: s.shift(-1))),
        entry("scaled by the whole series", "found", lambda x: (x - np.nanmean(x)) / np.nanstd(x)),
        entry("ranked over the whole series", "found", _pandas(lambda s: s.rank())),
        entry("trend of the whole series taken out", "found",
              lambda x: x - np.polyval(np.polyfit(np.arange(60), x, 1), np.arange(60)), plain_series),
        Entry("forecast holds the present outcome", "found", both, _own_value_in),
        Entry("one fit over all moments", "found", both, _fitted_once),
        entry("trailing window", "silent", _pandas(lambda s: s.rolling(3, min_periods=1).mean())),
        entry("gaps filled from before", "silent", _pandas(lambda s: s.ffill()), gappy),
        entry("shifted the right way", "silent", _pandas(lambda s: s.shift(1))),
        entry("scaled by what came before", "silent",
              _pandas(lambda s: (s - s.expanding().mean()) / s.expanding().std())),
        entry("exponentially weighted", "silent", _pandas(lambda s: s.ewm(alpha=0.3).mean())),
        entry("differences", "silent", _pandas(lambda s: s.diff())),
        Entry("last three outcomes", "silent", both, _last_three),
        Entry("fit on what came before", "silent", both, _expanding_fit),
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------- chances and baselines


def _world(rng: np.random.Generator, n: int) -> Any:
    X = rng.normal(size=(n, 3))
    p = 1 / (1 + np.exp(-(X @ [1.5, -1.0, 0.5] + 0.3)))
    return X, p, (rng.random(n) < p).astype(int)


def chances(n: int) -> Callable[[np.random.Generator], Any]:
    def make(rng: np.random.Generator) -> Any:
        X, y = _world(rng, 8 * n)[::2]
        new, p, outcome = _world(rng, n)
        return call(X, y, new, p), outcome

    return make


def _fitted(X: Any, y: Any, new: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1e3).fit(X, y).predict_proba(new)[:, 1]


def _bent(factor: float, shift: float = 0.0) -> Callable[..., Any]:
    return lambda X, y, new, p: 1 / (1 + np.exp(-(factor * np.log(p / (1 - p)) + shift)))


def _balanced(X: Any, y: Any, new: Any, p: Any) -> Any:
    """Trained after the rarer class was copied three times."""
    ones = np.flatnonzero(y == 1)
    rows = np.concatenate([np.arange(len(y)), ones, ones])
    return _fitted(X[rows], y[rows], new)


def calibration_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, work: Any, n: int = 1000) -> Entry:
        return Entry(f"{name}, n = {n}", expect, probes.calibration(of="f", make=chances(n)), work)

    return [
        entry("log odds doubled", "found", _bent(2), 3000),
        entry("log odds doubled", "rate", _bent(2)),
        entry("log odds doubled", "rate", _bent(2), 200),
        entry("log odds times 1.5", "rate", _bent(1.5)),
        entry("log odds halved", "rate", _bent(0.5)),
        entry("log odds halved", "found", _bent(0.5), 3000),
        entry("log odds shifted by 1", "found", _bent(1, 1)),
        entry("log odds shifted by 0.5", "rate", _bent(1, 0.5)),
        entry("hard labels", "found", lambda X, y, new, p: (p > 0.5) * 1.0),
        entry("trained with one class copied three times", "found", _balanced),
        entry("the same chance for everyone, too high", "found", lambda X, y, new, p: np.full(len(new), 0.8)),
        entry("the true chances", "silent", lambda X, y, new, p: p),
        entry("the true chances", "silent", lambda X, y, new, p: p, 100),
        entry("logistic regression on eight times as many rows", "silent", lambda X, y, new, p: _fitted(X, y, new)),
        entry("the share of ones for everyone", "silent", lambda X, y, new, p: np.full(len(new), y.mean())),
    ]


def baseline_entries() -> list[Entry]:
    def entry(name: str, expect: Expect, work: Any, n: int = 400) -> Entry:
        probe = probes.beats_baseline(
            of="f", make=chances(n), score=lambda t, said: float((t == said).mean()),
            baseline=lambda X, y, new, p: np.full(len(new), int(y.mean() > 0.5)),
        )  # fmt: skip
        return Entry(f"{name}, n = {n}", expect, probe, work)

    return [
        entry("the baseline itself", "found", lambda X, y, new, p: np.full(len(new), int(y.mean() > 0.5))),
        entry("coins", "found", lambda X, y, new, p: np.random.default_rng(0).integers(2, size=len(new))),
        entry("the baseline, a tenth of it changed at random", "rate",
              lambda X, y, new, p: np.where(np.arange(len(new)) % 10, int(y.mean() > 0.5), 1 - int(y.mean() > 0.5))),
        entry("labels exchanged", "found", lambda X, y, new, p: (p < 0.5) * 1),
        entry("logistic regression", "silent", lambda X, y, new, p: (_fitted(X, y, new) > 0.5) * 1),
        entry("logistic regression", "rate", lambda X, y, new, p: (_fitted(X, y, new) > 0.5) * 1, 50),
    ]  # fmt: skip


#: Probe, what it is called in CURRICULUM's terms, its entries.
FAMILIES: dict[str, Callable[[], list[Entry]]] = {
    "heldout_edit": heldout_entries,
    "fit_spy": spy_entries,
    "null_labels": null_entries,
    "split_audit": audit_entries,
    "future_cut": future_entries,
    "calibration": calibration_entries,
    "beats_baseline": baseline_entries,
}
