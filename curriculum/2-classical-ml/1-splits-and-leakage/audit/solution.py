import numpy as np


def audit(record: dict) -> set[str]:
    """Return the names of the leaks in the record of an evaluation.

    record: "X" (n, d), "fits" (list of dicts "step", "rows", "labels", the model last), "scored", "tuned_on",
    "groups", "time" ((n,) or None), "known" (d,).
    """
    X, groups, time, scored = record["X"], record["groups"], record["time"], record["scored"]
    *steps, model = record["fits"]
    tested = set(scored.tolist())
    trained = np.setdiff1d(model["rows"], scored)
    touched = [step["labels"] for step in steps if not tested.isdisjoint(step["rows"].tolist())]
    leaks = {
        "overlap": not tested.isdisjoint(model["rows"].tolist()),
        "preprocessing": False in touched,
        "selection": True in touched,
        "tuning": not tested.isdisjoint(record["tuned_on"].tolist()),
        "duplicate": bool((X[trained][:, None] == X[scored]).all(axis=2).any()),
        "group": groups is not None and not set(groups[scored].tolist()).isdisjoint(groups[trained].tolist()),
        "time": time is not None and time[trained].max() > time[scored].min(),
        "feature": (record["known"] > 0).any(),
    }
    return {name for name, found in leaks.items() if found}
