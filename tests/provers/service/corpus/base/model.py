"""The model: a logistic regression on five columns, saved as JSON, used by the service and offline alike."""

import json
import math
from pathlib import Path

PATH = Path(__file__).parent / "model" / "model.json"
NUMBERS = ("age", "income", "visits")
TEXTS = ("region", "plan")


def load(path: Path = PATH) -> dict:
    """The saved model."""
    return json.loads(path.read_text())


def score(model: dict, row: dict) -> float:
    """The log-odds of one row: missing numbers become the training mean, unknown categories add nothing."""
    total = model["bias"]
    for name in NUMBERS:
        value = row.get(name)
        mean, deviation = model["mean"][name], model["deviation"][name]
        total += model["weight"][name] * ((mean if value is None else value) - mean) / deviation
    for name in TEXTS:
        total += model["category"][name].get(row.get(name), 0.0)
    return total


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, z))))


def predict(model: dict, rows: list[dict]) -> list[float]:
    """One probability per row."""
    return [sigmoid(score(model, row)) for row in rows]
