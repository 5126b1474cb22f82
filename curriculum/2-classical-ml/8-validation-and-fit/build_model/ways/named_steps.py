"""Gives every step a name, so that a grid can reach it as `columns__numbers__gaps__strategy`."""

from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def build_model(numeric: list[str], categorical: list[str]) -> ClassifierMixin:
    numbers = Pipeline([("gaps", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = ColumnTransformer([("numbers", numbers, numeric), ("words", words, categorical)], remainder="drop")
    return Pipeline([("columns", columns), ("classify", LogisticRegression())])
