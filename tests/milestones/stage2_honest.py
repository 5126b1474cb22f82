"""Honest projects of many styles. None of them may be called anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent

import pandas as pd

from tests.milestones import stage2_data as data


@dataclass(frozen=True)
class Project:
    """A learner's files: the milestone, the data, and what claims.toml declares."""

    make: Callable[[], pd.DataFrame]
    source: str
    target: str
    metric: str
    value: float
    more: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    accept_loss: str = ""

    @property
    def toml(self) -> str:
        parts = [f'[data]\nfile = "data.csv"\ntarget = "{self.target}"\n{self.more}']
        parts.append(f'[score]\nmetric = "{self.metric}"\nvalue = {self.value}\naccept_loss = "{self.accept_loss}"')
        for feature, effect in self.claims:
            parts.append(f'[[claims]]\ntext = "{feature} {effect}"\nfeature = "{feature}"\neffect = "{effect}"')
        return "\n".join(parts)


def project(make: Callable[[], pd.DataFrame], source: str, target: str, metric: str, value: float, **more) -> Project:
    return Project(make, dedent(source), target, metric, value, **more)


IMPORTS = """
import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import *
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import *
from sklearn.model_selection import GridSearchCV, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import *
"""
LOOP = """
def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
    return out
"""
NUMBERS = """
def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict(X.iloc[test])
    return out
"""
LOGISTIC = """
def build():
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(columns, LogisticRegression())
"""
RIDGE = LOGISTIC.replace("LogisticRegression()", "Ridge()")
FOREST = """
def build():
    words = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = make_column_transformer((words, make_column_selector(dtype_exclude="number")), remainder="passthrough")
    return make_pipeline(columns, RandomForestClassifier(20, min_samples_leaf=3, random_state=0))
"""
OWN_LOGISTIC = """
import numpy as np

class Logistic:
    def fit(self, X, y):
        A = self._table(X, learn=True)
        t = (np.asarray(y) == "yes").astype(float)
        w = np.zeros(A.shape[1])
        for _ in range(30):
            p = 1 / (1 + np.exp(-A @ w))
            H = (A * (p * (1 - p))[:, None]).T @ A + 0.5 * np.eye(len(w))
            w -= np.linalg.solve(H, A.T @ (p - t) + 0.5 * w)
        self.w = w
        return self

    def _table(self, X, learn=False):
        N = X[["age", "income", "debt"]].to_numpy(float)
        if learn:
            self.mean, self.spread = np.nanmean(N, axis=0), np.nanstd(N, axis=0)
        N = np.nan_to_num((N - self.mean) / self.spread)
        C = np.column_stack([(X["city"] == c).to_numpy(float) for c in ("Lima", "Oslo", "Pune")])
        return np.column_stack([np.ones(len(N)), N, C])

    def predict_proba(self, X):
        p = 1 / (1 + np.exp(-self._table(X) @ self.w))
        return np.column_stack([1 - p, p])

    def predict(self, X):
        return np.where(self.predict_proba(X)[:, 1] > 0.5, "yes", "no")

def build():
    return Logistic()
"""
OWN_NEIGHBORS = """
import numpy as np

class Neighbors:
    def __init__(self, k=9):
        self.k = k

    def fit(self, X, y):
        N = X.select_dtypes("number").to_numpy(float)
        self.mean, self.spread = N.mean(axis=0), N.std(axis=0)
        self.N, self.y = (N - self.mean) / self.spread, y.to_numpy()
        return self

    def predict(self, X):
        N = (X.select_dtypes("number").to_numpy(float)[:, :self.N.shape[1]] - self.mean) / self.spread
        d = ((N[:, None, :] - self.N[None]) ** 2).sum(axis=2)
        return self.y[np.argsort(d, axis=1, kind="stable")[:, :self.k]].mean(axis=1)

def build():
    return Neighbors()
"""
LAGS = """
def load(path):
    df = pd.read_csv(path, parse_dates=["date"]).sort_values("date", ignore_index=True)
    df["weekday"] = df["date"].dt.dayofweek
    df["before"] = df["sold"].shift(1)
    df["week_before"] = df["sold"].shift(7)
    df["lately"] = df["sold"].shift(1).rolling(5).mean()
    return df.dropna(ignore_index=True)
"""
LOANS = {"more": 'positive = "yes"', "claims": (("debt", "raises"),)}
PROJECTS = {
    "pipeline with a linear model": project(data.loans, IMPORTS + LOGISTIC + LOOP, "default", "roc_auc", 0.83, **LOANS),
    "random forest": project(
        data.loans, IMPORTS + FOREST + LOOP, "default", "roc_auc", 0.81, claims=(("debt", "raises"),),
        more='positive = "yes"', accept_loss="It is here to be compared.",
    ),
    "cross_val_predict on the folds": project(
        data.loans,
        IMPORTS
        + LOGISTIC
        + """
def evaluate(X, y, folds):
    return cross_val_predict(build(), X, y, cv=folds, method="predict_proba")
""",
        "default", "log_loss", 0.55, **LOANS,
    ),
    "NumPy by hand, logistic": project(data.loans, OWN_LOGISTIC + LOOP, "default", "roc_auc", 0.82, **LOANS),
    "NumPy by hand, neighbors": project(
        data.flats, OWN_NEIGHBORS + NUMBERS, "rent", "rmse", 115.0,
        claims=(("area", "raises"),), accept_loss="It is here to be compared.",
    ),
    "NumPy only, no class for the evaluation": project(
        data.flats,
        """
import numpy as np

def table(X):
    return np.column_stack([np.ones(len(X)), X["area"], X["rooms"], X["part"] == "harbor"]).astype(float)

class Least:
    def fit(self, X, y):
        self.w, *_ = np.linalg.lstsq(table(X), y.to_numpy(float), rcond=None)
        return self

    def predict(self, X):
        return table(X) @ self.w

def build():
    return Least()

def evaluate(X, y, folds):
    A, t, out = table(X), y.to_numpy(float), np.full(len(X), np.nan)
    for train, test in folds:
        w, *_ = np.linalg.lstsq(A[train], t[train], rcond=None)
        out[test] = A[test] @ w
    return out
""",
        "rent", "r2", 0.93, claims=(("area", "raises"), ("floor", "irrelevant")),
    ),
    "predictions fold by fold, a load of its own": project(
        data.flats,
        IMPORTS
        + RIDGE
        + """
def load(path):
    df = pd.read_csv(path)
    df["per_room"] = df["area"] / df["rooms"]
    df["high"] = (df["floor"] > 5).astype(int)
    return df[df["area"] > 5].reset_index(drop=True)

def evaluate(X, y, folds):
    return [build().fit(X.iloc[a], y.iloc[a]).predict(X.iloc[b]) for a, b in folds]
""",
        "rent", "mae", 50.0, claims=(("area", "raises"),),
    ),
    "dummies in load": project(
        data.loans,
        IMPORTS
        + """
def load(path):
    return pd.get_dummies(pd.read_csv(path), columns=["city"], dtype=int)

def build():
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())
"""
        + LOOP,
        "default", "roc_auc", 0.83, **LOANS,
    ),
    "whole groups held out": project(
        data.clinics, IMPORTS + LOGISTIC + LOOP.replace("[:, 1]", "[:, 0]"), "cured", "roc_auc", 0.8,
        more='groups = "clinic"\npositive = "cured"', claims=(("dose", "raises"),),
    ),
    "groups that matter, declared, and no better than guessing there": project(
        data.visits, IMPORTS + FOREST + LOOP, "ill", "accuracy", 0.5,
        more='groups = "patient_id"', claims=(),
    ),
    "time series with lags": project(
        data.sales, IMPORTS + LAGS + RIDGE + NUMBERS, "sold", "mae", 9.4,
        more='time = "date"', claims=(("before", "raises"), ("promo", "raises")),
    ),
    "time series, rolling means of the past in evaluate": project(
        data.sales,
        IMPORTS
        + LAGS
        + RIDGE
        + """
def evaluate(X, y, folds):
    X = X.assign(smooth=X["before"].rolling(3, min_periods=1).mean())
    out = np.full(len(X), np.nan)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict(X.iloc[test])
    return out
""",
        "sold", "mae", 9.4, more='time = "date"', claims=(("promo", "raises"),),
    ),
    "boosting on a time series": project(
        data.sales,
        IMPORTS
        + LAGS
        + """
def build():
    return GradientBoostingRegressor(n_estimators=40, max_depth=2, subsample=0.8, random_state=3)
"""
        + NUMBERS,
        "sold", "rmse", 11.5, accept_loss="It is here to be compared.",
        more='time = "date"\nignore = []', claims=(("before", "raises"),),
    ),
    "three classes, chances": project(
        data.flowers,
        IMPORTS
        + """
def build():
    return make_pipeline(StandardScaler(), LogisticRegression())

def evaluate(X, y, folds):
    out = np.full((len(X), 3), np.nan)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])
    return out
""",
        "kind", "log_loss", 0.16, claims=(("petal_length", "matters"),),
    ),
    "three classes, labels": project(
        data.flowers,
        IMPORTS
        + """
from sklearn.naive_bayes import GaussianNB

def build():
    return GaussianNB()

def evaluate(X, y, folds):
    out = np.full(len(X), None, dtype=object)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict(X.iloc[test])
    return out
""",
        "kind", "accuracy", 0.95, claims=(("petal_width", "matters"),),
    ),
    "tuned inside": project(
        data.loans,
        IMPORTS
        + LOGISTIC.replace(
            "make_pipeline(columns, LogisticRegression())",
            'GridSearchCV(make_pipeline(columns, LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=2)',
        )
        + LOOP,
        "default", "roc_auc", 0.83, **LOANS,
    ),
    "tuned in evaluate, on training rows": project(
        data.flats,
        IMPORTS
        + RIDGE
        + """
def evaluate(X, y, folds):
    out = pd.Series(np.nan, index=X.index)
    for train, test in folds:
        inner, outer = train_test_split(train, random_state=0)
        def loss(a):
            m = build().set_params(ridge__alpha=a).fit(X.iloc[inner], y.iloc[inner])
            return ((m.predict(X.iloc[outer]) - y.iloc[outer]) ** 2).mean()
        best = min([0.1, 1.0, 10.0], key=loss)
        m = build().set_params(ridge__alpha=best).fit(X.iloc[train], y.iloc[train])
        out.iloc[test] = m.predict(X.iloc[test])
    return out.sample(frac=1, random_state=0)
""",
        "rent", "r2", 0.93, claims=(("area", "raises"),),
    ),
    "columns chosen inside": project(
        data.wide,
        IMPORTS
        + """
def build():
    return make_pipeline(StandardScaler(), SelectKBest(f_classif, k=6), LogisticRegression())
"""
        + LOOP,
        "sick", "roc_auc", 0.85, claims=(("gene_3", "raises"), ("gene_40", "lowers")),
    ),
    "copies made within the training rows": project(
        data.rare,
        IMPORTS
        + """
def build():
    return make_pipeline(StandardScaler(), LogisticRegression())

def evaluate(X, y, folds):
    rng = np.random.default_rng(0)
    out = np.full(len(X), np.nan)
    for train, test in folds:
        few = train[y.iloc[train] == 1]
        oversampled = np.concatenate([train, rng.choice(few, 3 * len(few))])
        out[test] = build().fit(X.iloc[oversampled], y.iloc[oversampled]).predict_proba(X.iloc[test])[:, 1]
    return out
""",
        "fault", "average_precision", 0.7, claims=(("load", "raises"),),
    ),
    "a threshold chosen within the training rows": project(
        data.rare,
        IMPORTS
        + """
from sklearn.metrics import f1_score

def build():
    return make_pipeline(StandardScaler(), LogisticRegression())

def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        inner = cross_val_predict(build(), X.iloc[train], y.iloc[train], cv=3, method="predict_proba")[:, 1]
        threshold = max(np.linspace(0.1, 0.9, 17), key=lambda t: f1_score(y.iloc[train], inner > t))
        p = build().fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
        out[test] = p > threshold
    return out
""",
        "fault", "f1", 0.65, claims=(("load", "raises"),),
    ),
    "target means inside, out of fold": project(
        data.loans,
        IMPORTS
        + """
def build():
    columns = make_column_transformer(
        (TargetEncoder(random_state=0), ["city"]),
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "income", "debt"]),
    )
    return make_pipeline(columns, LogisticRegression())
"""
        + LOOP,
        "default", "roc_auc", 0.83, **LOANS,
    ),
    "stopping early on a part of the training rows": project(
        data.machines,
        IMPORTS
        + """
def build():
    return GradientBoostingClassifier(
        n_estimators=80, max_depth=2, n_iter_no_change=5, validation_fraction=0.2, random_state=0
    )
"""
        + LOOP,
        "fault", "roc_auc", 0.85, claims=(("heat", "raises"),),
    ),
    "a final model on all rows after the evaluation": project(
        data.loans,
        IMPORTS
        + LOGISTIC
        + LOOP.replace(
            "    return out",
            "    final = build().fit(X, y)\n"
            "    scaled = StandardScaler().fit_transform(X[['age', 'debt']])\n"
            "    return out",
        ),
        "default", "roc_auc", 0.83, **LOANS,
    ),
    "a forest without a seed": project(
        data.loans, IMPORTS + FOREST.replace(", random_state=0", "") + LOOP, "default", "roc_auc", 0.81,
        more='positive = "yes"', claims=(("debt", "raises"),), accept_loss="It is here to be compared.",
    ),
    "copies kept together": project(
        data.copied, IMPORTS + FOREST + LOOP, "default", "roc_auc", 0.5,
        more='positive = "yes"\nrepeats = "kept_together"',
    ),
    "group means learned in fit, with pandas": project(
        data.flats,
        IMPORTS
        + """
from sklearn.base import BaseEstimator, RegressorMixin

class ByPart(RegressorMixin, BaseEstimator):
    def fit(self, X, y):
        rate = y / X["area"]
        self.rate_ = rate.groupby(X["part"]).mean().to_dict()
        self.all_ = rate.mean()
        return self

    def predict(self, X):
        return (X["part"].map(self.rate_).fillna(self.all_) * X["area"]).to_numpy()

def build():
    return ByPart()
"""
        + NUMBERS,
        "rent", "mae", 130.0, claims=(("area", "raises"),), accept_loss="It is here to be compared.",
    ),
    "polars": project(
        data.loans,
        IMPORTS
        + """
import polars as pl

def features(X):
    t = pl.DataFrame({name: X[name].to_numpy() for name in ("age", "income", "debt")})
    t = t.with_columns((pl.col("income").is_nan()).cast(pl.Float64).alias("gap"), pl.col("income").fill_nan(0) / 1000)
    return t.to_numpy()

class Frame:
    def fit(self, X, y):
        self.model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features(X), y)
        return self

    def predict_proba(self, X):
        return self.model.predict_proba(features(X))

    def predict(self, X):
        return self.model.predict(features(X))

def build():
    return Frame()
"""
        + LOOP,
        "default", "roc_auc", 0.83, needs=("polars",), **LOANS,
    ),
    "XGBoost": project(
        data.machines,
        """
import numpy as np
import xgboost as xgb

def build():
    return xgb.XGBClassifier(n_estimators=30, max_depth=2, learning_rate=0.2)
"""
        + LOOP,
        "fault", "roc_auc", 0.85, claims=(("heat", "raises"),), needs=("xgboost",),
    ),
    "LightGBM": project(
        data.machines,
        """
import lightgbm as lgb
import numpy as np

def build():
    return lgb.LGBMClassifier(n_estimators=30, num_leaves=4, min_child_samples=8, verbose=-1)
"""
        + LOOP,
        "fault", "roc_auc", 0.85, claims=(("heat", "raises"),), needs=("lightgbm",),
    ),
}  # fmt: skip
