"""Fit the pipeline once, before it is served. Skipped where scikit-learn is missing."""

import json
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table = pd.read_csv("data/holdout.csv")
numbers, texts = ["age", "income", "visits"], ["region", "plan"]
words = make_pipeline(
    SimpleImputer(strategy="constant", fill_value="unknown", missing_values=None),
    OneHotEncoder(handle_unknown="ignore"),
)
columns = ColumnTransformer(
    [("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers), ("texts", words, texts)]
)
pipeline = make_pipeline(columns, LogisticRegression())
table[texts] = table[texts].astype(object).where(table[texts].notna(), None)
pipeline.fit(table[numbers + texts], table["bought"])
Path("model").mkdir(exist_ok=True)
joblib.dump(pipeline, "model/pipeline.joblib")
Path("model/about.json").write_text(json.dumps({"version": "2026-11-01"}))
