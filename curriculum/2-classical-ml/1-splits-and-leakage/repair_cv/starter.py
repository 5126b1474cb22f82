import numpy as np
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler


def repair_cv(X: np.ndarray, y: np.ndarray, folds: np.ndarray, columns: int, neighbors: int) -> np.ndarray:
    """Return a prediction for each row, made by a model that has not seen the row's fold.

    X: shape (n, d). y: shape (n,). folds: shape (n,), a fold number for each row. Returns: shape (n,), labels.
    """
    X_scaled = StandardScaler().fit_transform(X)
    X_chosen = SelectKBest(f_classif, k=columns).fit_transform(X_scaled, y)
    model = KNeighborsClassifier(neighbors)
    return cross_val_predict(model, X_chosen, y, cv=PredefinedSplit(folds))
