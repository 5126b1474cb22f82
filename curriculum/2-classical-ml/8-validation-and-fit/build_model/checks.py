"""build_model(numeric, categorical): judged by what the fitted model says about rows with gaps and unknown words."""

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from gradus.checks import behaviour, cases, compare, fail, misconception, valid
from gradus.checks.raised import LearnerRaised


def probabilities(submission, numeric, categorical, train, y, new):
    """Fit on the training rows, and say what the model predicts for new ones."""
    model = submission.build_model(numeric, categorical)
    model.fit(train, y)
    return np.asarray(model.predict_proba(new))[:, 1]


@valid
def a_table(numeric, categorical, train, y, new):
    names = [*numeric, *categorical]
    if not numeric or not categorical or len(train) < 8 or len(train) != len(y) or not len(new):
        return False
    if not set(names) <= set(train.columns) or list(train.columns) != list(new.columns):
        return False
    numbers = train[numeric]
    if not all(pd.api.types.is_numeric_dtype(numbers[name]) for name in numeric) or (numbers.nunique() < 3).any():
        return False
    return min(np.unique(y, return_counts=True)[1]) >= 2 and len(np.unique(y)) == 2


def _table(rng, n, words):
    y = rng.permutation(np.arange(n) % 2)
    df = pd.DataFrame(
        {
            "income": np.round(rng.lognormal(8, 1, size=n) + 900 * y),
            "town": rng.choice(words, size=n),
            "age": np.round(rng.normal(40, 9, size=n) + 5 * y),
            "customer": rng.permutation(n) * 37.0 + 500 * y,
            "plan": rng.choice(["basic", "family", "pro"], size=n),
        }
    )
    for name in ("income", "age"):
        df.loc[rng.choice(n, size=4, replace=False), name] = np.nan
    return df, y


@cases(run=probabilities, compare=compare.close(rtol=1e-5, atol=1e-6))
def customers(rng):
    """Skewed numbers with gaps, a word that is new, an id that separates the classes and must not be used."""
    train, y = _table(rng, 26, ["Rome", "Oslo", "Lima"])
    new, _ = _table(rng, 6, ["Rome", "Kyiv"])
    new.loc[0, "town"] = "Kyiv"
    yield ["age", "income"], ["town", "plan"], train, y + 3, new


def _model(numeric, categorical, numbers, words=None, **others):
    words = words or OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(
        make_column_transformer((numbers, numeric), (words, categorical), **others), LogisticRegression()
    )


def _numbers(strategy="median"):
    return make_pipeline(SimpleImputer(strategy=strategy), StandardScaler())


@misconception
def new_word_stops_it(numeric, categorical):
    """A word that did not occur in training stops the model.

    The one-hot encoder refuses what it does not know, unless told otherwise. In use, new towns come every week, and the
    service is down each time. Look at its `handle_unknown`."""
    return _model(numeric, categorical, _numbers(), OneHotEncoder())


@misconception
def gaps_filled_with_mean(numeric, categorical):
    """Gaps are filled with another number than the median.

    The mean is the imputer's default. Incomes are skewed: a few large ones pull the mean to where hardly anybody is.
    Ask for the median by name."""
    return _model(numeric, categorical, _numbers("mean"))


@misconception
def not_scaled(numeric, categorical):
    """The numbers are not scaled.

    Logistic regression punishes large weights, and a column in thousands needs only small ones. Unscaled, the unit of a
    column decides how much of it is used."""
    return _model(numeric, categorical, SimpleImputer(strategy="median"))


@misconception
def other_columns_used(numeric, categorical):
    """A column that is in neither list is used.

    `remainder="passthrough"` hands everything on that was not named, here the customer's number. It tells the classes
    apart in these rows and means nothing for new ones. Without that argument, unnamed columns are dropped."""
    return _model(
        [name for name in ("income", "age", "customer") if name in numeric or name == "customer"],
        categorical,
        _numbers(),
    )


@misconception
def words_as_numbers(numeric, categorical):
    """The words were turned into the numbers 0, 1, 2, ….

    Numbers have an order and distances: Oslo would lie between Lima and Rome. A linear model takes that literally.
    One-hot gives each word a column of its own."""
    words = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return _model(numeric, categorical, _numbers(), words)


@misconception
def words_left_out(numeric, categorical):
    """The categorical columns are not used.

    Only the numbers reach the classifier. A column transformer takes several parts, side by side."""
    return make_pipeline(make_column_transformer((_numbers(), numeric)), LogisticRegression())


@misconception
def one_level_dropped(numeric, categorical):
    """Of each categorical column one word has no column of its own.

    `drop="first"` makes coefficients unique where there is no penalty. With a penalty it treats the dropped word
    differently from the others, and a word that is new then looks exactly like the dropped one."""
    return _model(numeric, categorical, _numbers(), OneHotEncoder(drop="first", handle_unknown="ignore"))


@behaviour("each call builds a new model, which is not fitted")
def new_each_time(student, rng):
    """A model was built and fitted, then another one was built, and it knew something already. One model at the module
    level, or
    a default argument, is shared by all calls. Cross-validation would then hand the rows of one fold on to the next."""
    train, y = _table(rng, 8, ["Rome", "Oslo"])
    student.build_model(["age"], ["plan"]).fit(train, y)
    try:
        answer = student.build_model(["age"], ["plan"]).predict(train.head(2))
    except LearnerRaised:
        return
    fail("A model that was just built predicts without having been fitted.", actual=answer)
