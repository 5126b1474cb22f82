"""Recompute the tracked metric from the model as it lies on disk."""

from pathlib import Path

from sklearn.metrics import roc_auc_score

import pipeline
import scoring

HERE = Path(__file__).parent


def metric() -> float:
    """Area under the ROC curve on the validation rows: ``valid_roc_auc`` of the run."""
    features, target = pipeline.read(HERE / "data" / "valid.csv")
    model, _ = scoring.load(HERE / "model")
    return float(roc_auc_score(target, model.predict_proba(features)[:, 1]))


if __name__ == "__main__":
    print(f"valid_roc_auc {metric():.6f}")
