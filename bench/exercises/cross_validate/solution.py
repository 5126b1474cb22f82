import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def cross_validate(X: np.ndarray, y: np.ndarray, folds: int) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return cross_val_score(model, X, y, cv=StratifiedKFold(folds))
