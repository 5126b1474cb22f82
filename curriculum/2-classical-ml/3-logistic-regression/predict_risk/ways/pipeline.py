"""A scikit-learn pipeline: the scaler learns where the classifier learns, so the new samples cannot reach either."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def predict_risk(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, l2: float) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1 / l2, tol=1e-8, max_iter=1000))
    return model.fit(X, y).predict_proba(X_new)[:, 1]
