"""All calls return one and the same model.

expects: new_each_time
A model made once at the module level is fitted again and again, and whoever builds a second one gets the first.
"""

from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

COLUMNS = ColumnTransformer([])
MODEL = Pipeline([("columns", COLUMNS), ("classify", LogisticRegression())])


def build_model(numeric, categorical):
    COLUMNS.transformers = [
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
        ("words", OneHotEncoder(handle_unknown="ignore"), categorical),
    ]
    return MODEL
