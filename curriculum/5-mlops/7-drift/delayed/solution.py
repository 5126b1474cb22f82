def delayed(predictions: list[dict], outcomes: list[dict], now: int, horizon: int) -> dict:
    """Return the Brier score of the due predictions whose outcome is known, and how many are scored, missing, waiting.

    predictions: id, at (day), p. outcomes: id, at (day of the report), y. Due: at + horizon <= now.
    """
    known = {}
    for report in sorted(outcomes, key=lambda report: report["at"]):  # stable: of one day the last one wins
        if report["at"] <= now:
            known[report["id"]] = report["y"]
    due = [row for row in predictions if row["at"] + horizon <= now]
    losses = [(row["p"] - known[row["id"]]) ** 2 for row in due if row["id"] in known]
    return {
        "scored": len(losses),
        "missing": len(due) - len(losses),
        "waiting": len(predictions) - len(due),
        "brier": sum(losses) / len(losses) if losses else None,
    }
