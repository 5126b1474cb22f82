"""The model as it was evaluated."""

import model


def predict(rows: list[dict]) -> list[float]:
    return model.predict(model.load(), rows)
