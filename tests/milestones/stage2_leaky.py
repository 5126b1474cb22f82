"""One leak each, planted in a project that is honest otherwise, with the name it must get."""

from __future__ import annotations

from dataclasses import dataclass

from tests.milestones import stage2_data as data
from tests.milestones.stage2_honest import FOREST, IMPORTS, LAGS, LOGISTIC, LOOP, NUMBERS, RIDGE, Project, project


@dataclass(frozen=True)
class Leak:
    """A probe whose id begins with ``probe`` fails first and calls it ``name``; its message holds ``words``."""

    project: Project
    probe: str
    name: str
    words: str = ""


def loans(source: str, **more: object) -> Project:
    return project(data.loans, IMPORTS + source, "default", "roc_auc", 0.8, **{"more": 'positive = "yes"', **more})


def rare(source: str, metric: str = "roc_auc") -> Project:
    return project(data.rare, IMPORTS + source, "fault", metric, 0.9)


def wide(source: str) -> Project:
    return project(data.wide, IMPORTS + source, "sick", "roc_auc", 0.85)


def flats(source: str, metric: str = "r2", value: float = 0.9) -> Project:
    return project(data.flats, IMPORTS + source, "rent", metric, value)


PLAIN = """
def build():
    return LogisticRegression()
"""
OWN_TABLE = """
def numbers(X):
    return X[["age", "debt"]].to_numpy(float)
"""
TARGET_MEANS = """
def build():
    return LogisticRegression()

def evaluate(X, y, folds):
    rate = (y == "yes").groupby(X["city"]).mean()
    Z = pd.DataFrame({"city": X["city"].map(rate), "debt": X["debt"]})
    out = np.full(len(X), np.nan)
    for train, test in folds:
        out[test] = build().fit(Z.iloc[train], y.iloc[train]).predict_proba(Z.iloc[test])[:, 1]
    return out
"""
LEAKS = {
    "scaled before the split": Leak(
        wide(PLAIN + LOOP.replace("    out =", "    X = pd.DataFrame(StandardScaler().fit_transform(X))\n    out =")),
        "fit_spy", "preprocessing", "StandardScaler",
    ),
    "scaled before the split, for a forest that does not mind": Leak(
        rare(
            "def build():\n    return RandomForestClassifier(20, random_state=0)\n"
            + LOOP.replace("    out =", "    X[X.columns] = MinMaxScaler().fit_transform(X)\n    out =")
        ),
        "fit_spy", "preprocessing", "MinMaxScaler",
    ),
    "scaled by hand before the split": Leak(
        wide(PLAIN + LOOP.replace("    out =", "    X = (X - X.mean()) / X.std()\n    out =")),
        "held_out_rows", "preprocessing", "before they are split",
    ),
    "gaps filled before the split": Leak(
        loans(
            PLAIN
            + LOOP.replace(
                "    out =", "    X = pd.DataFrame(SimpleImputer().fit_transform(X.drop(columns='city')))\n    out ="
            )
        ),
        "fit_spy", "preprocessing", "SimpleImputer",
    ),
    "gaps filled in load": Leak(
        loans(
            """
def load(path):
    df = pd.read_csv(path)
    df["income"] = df["income"].fillna(df["income"].mean())
    return df
"""
            + LOGISTIC
            + LOOP
        ),
        "rows_alone", "preprocessing", "“income”",
    ),
    "scaled in load": Leak(
        flats(
            """
def load(path):
    df = pd.read_csv(path)
    df["area"] = (df["area"] - df["area"].min()) / (df["area"].max() - df["area"].min())
    df["area"] = df["area"].rank(pct=True)
    return df
"""
            + RIDGE
            + NUMBERS
        ),
        "rows_alone", "preprocessing", "“area”",
    ),
    "components before the split": Leak(
        wide(
            "from sklearn.decomposition import PCA\n"
            + PLAIN
            + LOOP.replace("    out =", "    X = pd.DataFrame(PCA(5, random_state=0).fit_transform(X))\n    out =")
        ),
        "fit_spy", "preprocessing", "PCA",
    ),
    "columns chosen before the split": Leak(
        wide(
            PLAIN
            + LOOP.replace(
                "    out =", "    X = X[SelectKBest(f_classif, k=8).fit(X, y).get_feature_names_out()]\n    out ="
            )
        ),
        "fit_spy", "selection", "SelectKBest",
    ),
    "columns chosen by hand before the split": Leak(
        wide(
            PLAIN
            + LOOP.replace("    out =", "    X = X[X.corrwith(y).abs().sort_values().index[-8:]]\n    out =")
        ),
        "held_out_rows", "selection",
    ),
    "target means over all rows": Leak(loans(TARGET_MEANS), "held_out_rows", "target_encoding", "Encode within"),
    "target encoder on all rows": Leak(
        loans(
            PLAIN
            + LOOP.replace(
                "    out =",
                "    codes = TargetEncoder(random_state=0).fit(X[['city']], y).transform(X[['city']])\n"
                "    X = X[['age', 'debt']].assign(city=codes)\n    out =",
            )
        ),
        "fit_spy", "target_encoding", "TargetEncoder",
    ),
    "target means in load": Leak(
        flats(
            """
def load(path):
    df = pd.read_csv(path)
    df["usual"] = df.groupby("part")["rent"].transform("mean")
    return df
"""
            + RIDGE
            + NUMBERS
        ),
        "rows_alone", "preprocessing", "“usual”",
    ),
    "copies made before the split": Leak(
        rare("""
def build():
    return RandomForestClassifier(20, random_state=0)

def evaluate(X, y, folds):
    few = np.flatnonzero(y == 1)
    oversampled = np.concatenate([np.arange(len(X)), np.repeat(few, 5)])
    parts = np.random.default_rng(0).integers(4, size=len(oversampled))
    out = np.full(len(X), np.nan)
    for k in range(4):
        train, test = oversampled[parts != k], oversampled[parts == k]
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
    return out
"""),
        "held_out_rows", "oversampling", "copied",
    ),
    "copies made in load": Leak(
        rare(
            """
def load(path):
    df = pd.read_csv(path)
    return pd.concat([df] + [df[df["fault"] == 1]] * 5, ignore_index=True)

def build():
    return RandomForestClassifier(20, random_state=0)
"""
            + LOOP
        ),
        "split_audit", "oversampling", "copies",
    ),
    "trained on the rows that are scored": Leak(
        loans(
            FOREST
            + """
def evaluate(X, y, folds):
    return build().fit(X, y).predict_proba(X)[:, 1]
"""
        ),
        "held_out_rows", "no_test_set", "trained on the rows it is scored on",
    ),
    "trained on all rows by hand": Leak(
        flats(
            RIDGE
            + """
def evaluate(X, y, folds):
    A = np.column_stack([np.ones(len(X)), X[["area", "rooms"]]])
    w, *_ = np.linalg.lstsq(A, y.to_numpy(float), rcond=None)
    return A @ w
"""
        ),
        "held_out_rows", "selection", "or the model itself",
    ),
    "folds of its own": Leak(
        loans(
            FOREST
            + """
def evaluate(X, y, folds):
    return cross_val_predict(build(), X, y, cv=3, method="predict_proba")[:, 1]
"""
        ),
        "held_out_rows", "no_test_set", "folds that `evaluate` receives",
    ),
    "stopped early by the scored rows": Leak(
        rare("""
def build():
    return HistGradientBoostingClassifier(max_iter=30, early_stopping=True, n_iter_no_change=3, random_state=0)

def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        model = build().fit(X.iloc[train], y.iloc[train], X_val=X.iloc[test], y_val=y.iloc[test])
        out[test] = model.predict_proba(X.iloc[test])[:, 1]
    return out
"""),
        "fit_spy", "tuning", "when to stop",
    ),
    "rounds chosen by the scored rows": Leak(
        rare("""
from sklearn.metrics import log_loss

def build():
    return GradientBoostingClassifier(n_estimators=40, max_depth=2, random_state=0)

def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        stages = [p[:, 1] for p in build().fit(X.iloc[train], y.iloc[train]).staged_predict_proba(X.iloc[test])]
        out[test] = min(stages, key=lambda p: log_loss(y.iloc[test], p, labels=[0, 1]))
    return out
"""),
        "held_out", "tuning",
    ),
    "threshold chosen on the scored rows": Leak(
        rare(
            """
from sklearn.metrics import f1_score

def build():
    return make_pipeline(StandardScaler(), LogisticRegression())

def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
    some = ~np.isnan(out)
    threshold = max(np.linspace(0.05, 0.95, 37), key=lambda t: f1_score(y[some], out[some] > t))
    out[some] = out[some] > threshold
    return out
""",
            "f1",
        ),
        "held_out", "tuning", "choose within the training rows",
    ),
    "searched over all rows": Leak(
        wide("""
def build():
    return LogisticRegression()

def evaluate(X, y, folds):
    search = GridSearchCV(build(), {"C": [0.01, 0.1, 1]}, cv=3).fit(X, y)
    out = np.full(len(X), np.nan)
    for train, test in folds:
        model = build().set_params(**search.best_params_).fit(X.iloc[train], y.iloc[train])
        out[test] = model.predict_proba(X.iloc[test])[:, 1]
    return out
"""),
        "fit_spy", "tuning", "GridSearchCV",
    ),
    "rows stored twice": Leak(
        project(data.copied, IMPORTS + FOREST.replace("min_samples_leaf=3, ", "") + LOOP, "default", "roc_auc", 0.5),
        "split_audit", "duplicates", "twin",
    ),
    "rows stored twice with a trace of noise": Leak(
        project(
            data.nearly_copied, IMPORTS + FOREST.replace("min_samples_leaf=3, ", "") + LOOP, "default", "roc_auc", 0.5
        ),
        "split_audit", "duplicates", "near copy",
    ),
    "rows of one patient on both sides": Leak(
        project(data.visits, IMPORTS + FOREST + LOOP, "ill", "roc_auc", 0.5, more='ignore = ["patient_id"]'),
        "split_audit", "entities", "patient_id",
    ),
    "the future trained on": Leak(
        project(
            data.drifting,
            IMPORTS + "\ndef build():\n    return RandomForestRegressor(20, random_state=0)\n" + NUMBERS,
            "level", "r2", 0.5, more='ignore = ["date"]',
        ),
        "split_audit", "time", "“date”",
    ),
    "a centered window in load": Leak(
        project(
            data.sales,
            IMPORTS + LAGS.replace("rolling(5)", "rolling(5, center=True)") + RIDGE + NUMBERS,
            "sold", "mae", 20.0, more='time = "date"',
        ),
        "rows_alone", "future", "looks ahead",
    ),
    "tomorrow as a feature": Leak(
        project(
            data.sales, IMPORTS + LAGS.replace("shift(7)", "shift(-1)") + RIDGE + NUMBERS,
            "sold", "mae", 20.0, more='time = "date"',
        ),
        "rows_alone", "future", "“week_before”",
    ),
    "gaps filled from the future in evaluate": Leak(
        project(
            data.sales,
            IMPORTS
            + LAGS
            + RIDGE
            + NUMBERS.replace("    out =", "    X = X.assign(next=X['before'].shift(-3).bfill().ffill())\n    out ="),
            "sold", "mae", 20.0, more='time = "date"',
        ),
        "held_out_rows", "future", "looks ahead",
    ),
    "a statistic over the whole series in evaluate": Leak(
        project(
            data.sales,
            IMPORTS + LAGS + RIDGE
            + """
seen = {}

def evaluate(X, y, folds):
    out = np.full(len(X), np.nan)
    whole = len(folds) > 1
    shift = X["before"].mean() if whole else 0.0
    for train, test in folds:
        out[test] = build().fit(X.iloc[train], y.iloc[train]).predict(X.iloc[test]) + 0.01 * shift
    return out
""",
            "sold", "mae", 20.0, more='time = "date"',
        ),
        "future_cut", "future", "before* it",
    ),
    "a column written after the outcome": Leak(
        project(
            data.refunded, IMPORTS + LOGISTIC + LOOP, "default", "roc_auc", 0.99, more='positive = "yes"'
        ),
        "giveaway", "illegitimate_feature", "collection_fee",
    ),
    "a column filled after the outcome": Leak(
        project(
            data.called_back,
            IMPORTS + LOGISTIC.replace('strategy="median"', 'strategy="median", add_indicator=True') + LOOP,
            "default", "roc_auc", 0.99, more='positive = "yes"',
        ),
        "giveaway", "illegitimate_feature", "days_to_call",
    ),
    "fitted before": Leak(
        rare(
            """
known = make_pipeline(StandardScaler(), LogisticRegression())
known.fit(pd.DataFrame({"load": [1.0, 9.0], "heat": [60.0, 80.0], "wear": [1.0, 1.0]}), [0, 1])

def build():
    import copy
    return copy.deepcopy(known)
"""
            + LOOP
        ),
        "unfitted", "fitted_before", "fitted already",
    ),
    "one estimator for all folds": Leak(
        rare("model = LogisticRegression()\ndef build():\n    return model\n" + LOOP),
        "unfitted", "fitted_before", "the same",
    ),
    "weights brought along": Leak(
        project(
            data.rare,
            """
import numpy as np

class Ready:
    def __init__(self):
        self.w = np.array([1.3, 0.12, 0.0])

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        p = 1 / (1 + np.exp(16 - X.to_numpy(float)[:, :3] @ self.w))
        return np.column_stack([1 - p, p])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)

def build():
    return Ready()
"""
            + LOOP,
            "fault", "roc_auc", 0.9,
        ),
        "unfitted", "fitted_before", "before it was fitted",
    ),
    "hard rows left out": Leak(
        loans(LOGISTIC + LOOP.replace("    return out", "    out[(out > 0.4) & (out < 0.6)] = np.nan\n    return out")),
        "repeatable", "left_out_rows", "left out",
    ),
    "answers written down": Leak(
        project(
            data.rare,
            IMPORTS
            + """
def build():
    return make_pipeline(StandardScaler(), LogisticRegression())

def evaluate(X, y, folds):
    return 1 / (1 + np.exp(16 - X.to_numpy(float) @ np.array([1.3, 0.12, 0.0])))
""",
            "fault", "roc_auc", 0.9,
        ),
        "permuted_labels", "remembered_answers", "known before",
    ),
    "the best of many tries claimed": Leak(
        project(data.loans, IMPORTS + LOGISTIC + LOOP, "default", "roc_auc", 0.95, more='positive = "yes"'),
        "recomputed", "optimistic_claim", "You claim",
    ),
}  # fmt: skip
