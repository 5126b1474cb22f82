from typing import Any

import numpy as np
from sklearn.metrics import log_loss
from xgboost import XGBClassifier


def stopped_cv(
    X: np.ndarray, y: np.ndarray, folds: list[np.ndarray], settings: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of trees used, and the log loss on the scored fold, for each fold: shapes (len(folds),)."""
    raise NotImplementedError
