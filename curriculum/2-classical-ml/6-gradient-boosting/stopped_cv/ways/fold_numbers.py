"""Gives every row the number of its fold: who is scored, watched and fitted are then three comparisons."""

from typing import Any

import numpy as np
from sklearn.metrics import log_loss
from xgboost import XGBClassifier


def stopped_cv(
    X: np.ndarray, y: np.ndarray, folds: list[np.ndarray], settings: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    fold_of = np.empty(len(y), dtype=int)
    for i, rows in enumerate(folds):
        fold_of[rows] = i

    def one_turn(i: int) -> tuple[int, float]:
        scored, watched = fold_of == i, fold_of == (i + 1) % len(folds)
        fitted = ~(scored | watched)
        model = XGBClassifier(**settings)
        model.fit(X[fitted], y[fitted], eval_set=[(X[watched], y[watched])], verbose=False)
        return model.best_iteration + 1, log_loss(y[scored], model.predict_proba(X[scored]))

    rounds, losses = zip(*map(one_turn, range(len(folds))), strict=True)
    return np.array(rounds), np.array(losses)
