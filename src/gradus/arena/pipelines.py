"""The field: open pipelines from a majority baseline to a tuned ensemble, each with a line that says what it does.

Every entry gets the train file's features (the id and nothing else left out, unless its line says otherwise) and is
fitted once. `careful` entries first leave out columns whose values in the test file are not like those in the train
file (Kolmogorov–Smirnov distance above 0.25), which is how a column that was filled in afterwards gives itself away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradus.arena.models import Array

Build = Callable[["Setting"], Any]


@dataclass(frozen=True)
class Setting:
    """What a pipeline is built for. ``number`` is true for regression; ``numeric``, ``words`` are its columns."""

    number: bool
    numeric: tuple[str, ...]
    words: tuple[str, ...]
    rows: int
    classes: int

    def rounds(self, many: int) -> int:
        """Rounds of boosting: fewer for many classes, as each round grows a tree for each."""
        return many if self.number or self.classes <= 2 else max(15, many // self.classes)


@dataclass(frozen=True)
class Entry:
    """One entry of the field."""

    name: str
    family: str
    about: str
    build: Build
    careful: bool = False
    with_id: bool = False


def entries() -> tuple[Entry, ...]:
    """Every entry, the humblest first."""
    from gradus.arena.ensembles import ensembles

    return (*_baselines(), *_neighbors(), *_linear(), *_curved(), *ensembles())


def prepared(setting: Setting, how: str = "scaled") -> Any:
    """A column transformer: ``numbers`` (medians filled in), ``codes`` (words as numbers) or ``scaled`` (one-hot)."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    numeric, words = list(setting.numeric), list(setting.words)
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    gaps = SimpleImputer(strategy="median", keep_empty_features=True, add_indicator=True)
    if how == "numbers":
        return ColumnTransformer([("numbers", fill, numeric)])
    if how == "codes":
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        return ColumnTransformer([("numbers", gaps, numeric), ("words", codes, words)])
    onehot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    scaled = make_pipeline(gaps, StandardScaler())
    return ColumnTransformer([("numbers", scaled, numeric), ("words", onehot, words)], sparse_threshold=0)


def piped(how: str, classes: Callable[[], Any], number: Callable[[], Any], *between: Callable[[], Any]) -> Build:
    """Columns prepared, then one model for classes or another for numbers."""

    def build(setting: Setting) -> Any:
        from sklearn.pipeline import make_pipeline

        model = number() if setting.number else classes()
        return make_pipeline(prepared(setting, how), *(step() for step in between), model)

    return build


def _baselines() -> list[Entry]:
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    def tree(**given: Any) -> Build:
        return piped(
            "codes",
            lambda: DecisionTreeClassifier(random_state=0, **given),
            lambda: DecisionTreeRegressor(random_state=0, **given),
        )  # fmt: skip

    def guess(classes: str, number: str) -> Build:
        return piped(
            "numbers",
            lambda: DummyClassifier(strategy=classes, random_state=0),
            lambda: DummyRegressor(strategy=number),
        )

    return [
        Entry("Majority", "baseline", "The commonest class, or the mean.", guess("prior", "mean")),
        Entry("Middle", "baseline", "A class drawn in proportion, or the median.", guess("stratified", "median")),
        Entry("Coin", "baseline", "Any class alike; or a quantile that is too high.", piped(
            "numbers", lambda: DummyClassifier(strategy="uniform", random_state=1),
            lambda: DummyRegressor(strategy="quantile", quantile=0.6))),
        Entry("Stump", "tree", "A tree that asks one question.", tree(max_depth=1)),
        Entry("Two questions", "tree", "A tree of depth 2.", tree(max_depth=2)),
        Entry("Small tree", "tree", "A tree of depth 4.", tree(max_depth=4)),
        Entry("Broad leaves", "tree", "A tree whose leaves hold at least 20 rows.", tree(min_samples_leaf=20)),
        Entry("Pruned tree", "tree", "A full tree, cut back by cost complexity.", tree(ccp_alpha=0.004)),
        Entry("Full tree", "tree", "A tree grown until it knows every row by heart.", tree()),
    ]  # fmt: skip


def _neighbors() -> list[Entry]:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    def near(k: int, how: str, weights: str = "uniform") -> Build:
        return piped(
            how, lambda: KNeighborsClassifier(k, weights=weights), lambda: KNeighborsRegressor(k, weights=weights)
        )

    return [
        Entry("Nearest row", "neighbors", "The nearest row in the columns as they are.", near(1, "numbers")),
        Entry("Five rows", "neighbors", "Five neighbors, columns as they are.", near(5, "numbers")),
        Entry("Five scaled", "neighbors", "Five neighbors after scaling.", near(5, "scaled")),
        Entry("Fifteen scaled", "neighbors", "Fifteen neighbors after scaling.", near(15, "scaled")),
        Entry(
            "Forty weighted", "neighbors", "Forty neighbors, nearer ones count more.", near(40, "scaled", "distance")
        ),
    ]


def _linear() -> list[Entry]:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import (
        BayesianRidge,
        ElasticNet,
        HuberRegressor,
        Lasso,
        LinearRegression,
        LogisticRegression,
        Ridge,
        RidgeCV,
        SGDClassifier,
        SGDRegressor,
    )
    from sklearn.model_selection import GridSearchCV
    from sklearn.naive_bayes import GaussianNB

    def logistic(**given: Any) -> Any:
        return LogisticRegression(max_iter=400, **given)

    def descent(penalty: str, alpha: float) -> Any:
        return SGDClassifier(loss="log_loss", penalty=penalty, alpha=alpha, average=True, random_state=0)

    return [
        Entry("Naive Bayes", "linear", "Gaussian naive Bayes, or Bayesian ridge.",
              piped("scaled", GaussianNB, BayesianRidge)),
        Entry("Discriminant", "linear", "Linear discriminant analysis, or least squares.", piped(
            "scaled", lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"), LinearRegression)),
        Entry("Unscaled line", "linear", "Logistic or ridge regression on the numbers as they are, words left out.",
              piped("numbers", logistic, Ridge)),
        Entry("Line", "linear", "Logistic or ridge regression, scaled and one-hot.", piped("scaled", logistic, Ridge)),
        Entry("Firm line", "linear", "The same with a strong penalty.", piped(
            "scaled", lambda: logistic(C=0.03), lambda: Ridge(100))),
        Entry("Loose line", "linear", "The same with next to no penalty.", piped(
            "scaled", lambda: logistic(C=100), lambda: Ridge(0.01))),
        Entry("Sparse line", "linear", "An L1 penalty: few columns are used.", piped(
            "scaled", lambda: descent("l1", 0.004), lambda: Lasso(0.5))),
        Entry("Elastic line", "linear", "Both penalties.", piped(
            "scaled", lambda: descent("elasticnet", 0.002), lambda: ElasticNet(0.3))),
        Entry("Steady line", "linear", "Stochastic gradient descent; or Huber's loss.", piped(
            "scaled", lambda: descent("l2", 0.005),
            lambda: HuberRegressor(max_iter=300))),
        Entry("Quick line", "linear", "Stochastic gradient descent in its default form.", piped(
            "scaled", lambda: SGDClassifier(loss="modified_huber", random_state=0),
            lambda: SGDRegressor(random_state=0))),
        Entry("Tuned line", "linear", "The penalty chosen by cross-validation.", piped(
            "scaled", lambda: GridSearchCV(logistic(), {"C": [0.003, 0.03, 0.3, 3]}, cv=4, scoring="neg_log_loss"),
            lambda: RidgeCV([0.01, 0.1, 1, 10, 100, 1000]))),
        Entry("Line with the id", "linear", "The id taken for a feature, as happens.", piped("scaled", logistic, Ridge),
              with_id=True),
        Entry("Careful line", "linear", "Scaled, one-hot, columns that changed left out.",
              piped("scaled", logistic, Ridge),
              careful=True),
    ]  # fmt: skip


def _curved() -> list[Entry]:
    from sklearn.feature_selection import SelectKBest, f_classif, f_regression
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, QuantileTransformer, SplineTransformer, StandardScaler
    from sklearn.svm import SVC, SVR, LinearSVC

    def logistic(C: float = 1.0) -> Any:
        return LogisticRegression(max_iter=400, C=C)

    def squares(setting: Setting) -> Any:
        best = SelectKBest(f_regression if setting.number else f_classif, k="all")
        if len(setting.numeric) + len(setting.words) > 15:
            best.set_params(k=15)
        model = Ridge(3) if setting.number else logistic(0.3)
        return make_pipeline(
            prepared(setting), best, PolynomialFeatures(2, include_bias=False), StandardScaler(), model
        )

    def splines(C: float, penalty: float) -> Build:
        return piped("scaled", lambda: logistic(C), lambda: Ridge(penalty), lambda: SplineTransformer(4))

    def network(sizes: tuple[int, ...]) -> Build:
        given = {"hidden_layer_sizes": sizes, "early_stopping": True, "random_state": 0, "max_iter": 200}
        return piped("scaled", lambda: MLPClassifier(**given), lambda: _scaled_target(MLPRegressor(**given)))

    return [
        Entry("Squares", "curved", "A line over products of the (15 most telling) columns.", squares),
        Entry("Splines", "curved", "A line over splines of each column.", splines(0.3, 3)),
        Entry("Stiff splines", "curved", "Splines with a strong penalty, columns that changed left out.",
              splines(0.03, 30),
              careful=True),
        Entry("Ranks", "curved", "Columns turned to normal ranks, then a line.", piped(
            "scaled", logistic, Ridge, lambda: QuantileTransformer(output_distribution="normal", n_quantiles=100))),
        Entry("Linear margin", "margin", "A linear support vector machine.", piped(
            "scaled", lambda: LinearSVC(C=0.1), lambda: _scaled_target(SVR(kernel="linear", C=0.1, max_iter=5000)))),
        Entry("Curved margin", "margin", "A support vector machine with an RBF kernel.", piped(
            "scaled", lambda: SVC(random_state=0), lambda: _scaled_target(SVR()))),
        Entry("Soft margin", "margin", "The same, more forgiving and smoother.", piped(
            "scaled", lambda: SVC(C=0.5, gamma=0.03), lambda: _scaled_target(SVR(C=3, gamma=0.03)))),
        Entry("Landmarks", "curved", "A line over similarities to 100 rows (Nyström).", piped(
            "scaled", logistic, lambda: Ridge(0.3), lambda: Nystroem(n_components=100, gamma=0.05, random_state=0))),
        Entry("Small network", "network", "A network with 16 hidden units, stopped early.", network((16,))),
        Entry("Deep network", "network", "A network of 64 and 32 hidden units, stopped early.", network((64, 32))),
    ]  # fmt: skip


def _scaled_target(model: Any) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(model, transformer=StandardScaler())


def changed_columns(train: Any, test: Any, most: float = 0.25) -> list[str]:
    """Columns whose values in the test frame are not like those in the train frame, gaps included."""
    import numpy as np

    changed = []
    for name in train.columns:
        one, other = train[name], test[name]
        if one.dtype.kind in "ifub":
            points: Array = np.unique(
                np.concatenate([one.dropna().to_numpy(), other.dropna().to_numpy()]).astype(float)
            )
            steps = [np.searchsorted(np.sort(part.dropna().to_numpy().astype(float)), points, "right") / len(part)
                     for part in (one, other)]  # fmt: skip
            apart = float(np.abs(steps[0] - steps[1]).max(initial=0))
        else:
            shares = [part.value_counts(normalize=True) for part in (one, other)]
            apart = float(shares[0].sub(shares[1], fill_value=0).abs().sum() / 2)
        if apart > most:
            changed.append(str(name))
    return changed
