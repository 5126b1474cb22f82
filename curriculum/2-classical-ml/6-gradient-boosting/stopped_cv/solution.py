from typing import Any

import numpy as np
from sklearn.metrics import log_loss
from xgboost import XGBClassifier


def stopped_cv(
    X: np.ndarray, y: np.ndarray, folds: list[np.ndarray], settings: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of trees used, and the log loss on the scored fold, for each fold: shapes (len(folds),)."""
    rounds, losses = [], []
    for i, scored in enumerate(folds):
        watched = folds[(i + 1) % len(folds)]
        fitted = np.setdiff1d(np.arange(len(y)), np.concatenate([scored, watched]))
        model = XGBClassifier(**settings)
        model.fit(X[fitted], y[fitted], eval_set=[(X[watched], y[watched])], verbose=False)
        rounds.append(model.best_iteration + 1)
        losses.append(log_loss(y[scored], model.predict_proba(X[scored])))
    return np.array(rounds), np.array(losses)
