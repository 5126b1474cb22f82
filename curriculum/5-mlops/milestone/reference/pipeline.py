"""The model and the one way in which rows reach it: by the names of their columns, never by position."""

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

TARGET = "affair"
NUMBERS = ["rate_marriage", "age", "yrs_married", "children", "religious", "educ"]
NAMES = ["occupation", "occupation_husb"]


def build(seed: int, **settings) -> Pipeline:
    """An unfitted pipeline. Preprocessing is inside, so that serving cannot forget or redo it differently."""
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), NAMES),  # a name never seen: all zeros
        ("passthrough", NUMBERS),  # boosting has a branch of its own for what is missing
    )
    return make_pipeline(columns, HistGradientBoostingClassifier(random_state=seed, **settings))


def frame(rows: list[dict]) -> pd.DataFrame:
    """Rows as the model's table: columns found by name, numbers as floats, what is missing as missing."""
    table = pd.DataFrame(rows, columns=NUMBERS + NAMES)
    names = table[NAMES].astype(object)
    return pd.concat([table[NUMBERS].astype(float), names.where(names.notna(), None)], axis=1)


def read(path) -> tuple[pd.DataFrame, pd.Series]:
    """Features and target of one of the files that prepare.py writes."""
    table = pd.read_csv(path)
    return frame(table.to_dict("records")), table[TARGET]
