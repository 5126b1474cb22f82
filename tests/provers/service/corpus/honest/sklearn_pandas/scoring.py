"""Rows to probabilities, for the service and offline alike."""

import joblib
import pandas as pd

TYPES = {"age": float, "income": float, "visits": float, "region": object, "plan": object}


def load():
    return joblib.load("model/pipeline.joblib")


def frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in TYPES.items()})


def predict(pipeline, rows: list[dict]) -> list[float]:
    return pipeline.predict_proba(frame(rows))[:, 1].tolist()
