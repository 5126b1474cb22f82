"""Rows with a hole in a number are refused: None."""

import model


def predict(rows: list[dict]) -> list[float | None]:
    fitted = model.load()
    whole = [all(row[name] is not None for name in model.NUMBERS) for row in rows]
    return [model.price(fitted, row) if ok else None for row, ok in zip(rows, whole, strict=True)]
