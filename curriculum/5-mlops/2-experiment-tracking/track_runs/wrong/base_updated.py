"""Changes are written into the caller's base.

expects: input_changed
Each run gets a copy of the right parameters, and what the caller holds in the end are those of the last run.
"""


def track(step, base, changes, steps, runs):
    records = list(runs)
    original = dict(base)
    for change in changes:
        base.clear()
        base.update(original)
        base.update(change)
        number = 1 + max((record["id"] for record in records), default=0)
        record = {"id": number, "params": dict(base), "status": "FINISHED", "metrics": {}, "error": None}
        records.append(record)
        try:
            for t in range(steps):
                for name, value in step(base, t).items():
                    record["metrics"].setdefault(name, []).append([t, value])
        except Exception as error:
            record["status"], record["error"] = "FAILED", f"{type(error).__name__}: {error}"
    return records
