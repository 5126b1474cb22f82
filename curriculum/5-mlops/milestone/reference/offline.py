"""The model without a service: what the service's answers are held against."""

from pathlib import Path

import pipeline
import scoring


def predict(rows: list[dict]) -> list[float]:
    """The probability of an affair for each row, in order."""
    model, _ = scoring.load(Path(__file__).parent / "model")
    return model.predict_proba(pipeline.frame(rows))[:, 1].tolist()
