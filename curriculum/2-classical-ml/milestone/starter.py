"""Milestone 2: an honest model. The task is in milestone.md; prove it with `gradus milestone 2`."""

import numpy as np
import pandas as pd


def build():
    """Return a fresh, unfitted estimator with `fit(X, y)` and `predict(X)`, `predict_proba(X)` for chances."""
    raise NotImplementedError


def evaluate(X: pd.DataFrame, y: pd.Series, folds: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return one prediction for each row of X, made by a model that was not trained on it; NaN where no fold tests."""
    raise NotImplementedError
