"""The model without a service."""

from pathlib import Path

from scoring import load, score


def predict(rows: list[dict]) -> list[float]:
    model = load(Path(__file__).parent / "model" / "model.json")
    return [score(model, row) for row in rows]
