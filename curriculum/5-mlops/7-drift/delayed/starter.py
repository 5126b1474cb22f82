def delayed(predictions: list[dict], outcomes: list[dict], now: int, horizon: int) -> dict:
    """Return the Brier score of the due predictions whose outcome is known, and how many are scored, missing, waiting.

    predictions: id, at (day), p. outcomes: id, at (day of the report), y. Due: at + horizon <= now.
    """
    raise NotImplementedError
