"""pandas: drop what is superseded, then a left merge that may not multiply rows."""

import pandas as pd


def delayed(predictions: list[dict], outcomes: list[dict], now: int, horizon: int) -> dict:
    made = pd.DataFrame(predictions, columns=["id", "at", "p"])
    told = pd.DataFrame(outcomes, columns=["id", "at", "y"])
    told = told[told["at"] <= now].sort_values("at", kind="stable").drop_duplicates("id", keep="last")
    due = made[made["at"] + horizon <= now].merge(told[["id", "y"]], on="id", how="left", validate="one_to_one")
    loss = ((due["p"] - due["y"]) ** 2).dropna()
    return {
        "scored": len(loss),
        "missing": len(due) - len(loss),
        "waiting": len(made) - len(due),
        "brier": float(loss.mean()) if len(loss) else None,
    }
