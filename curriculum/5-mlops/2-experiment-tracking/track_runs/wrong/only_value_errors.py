"""Only one type of exception is caught.

expects: failures_are_caught
Runs fail in more ways than one thinks of.
"""


def track(step, base, changes, steps, runs):
    records = list(runs)
    for change in changes:
        params = base | change
        number = 1 + max((record["id"] for record in records), default=0)
        record = {"id": number, "params": params, "status": "FINISHED", "metrics": {}, "error": None}
        records.append(record)
        try:
            for t in range(steps):
                for name, value in step(dict(params), t).items():
                    record["metrics"].setdefault(name, []).append([t, value])
        except ValueError as error:
            record["status"], record["error"] = "FAILED", f"ValueError: {error}"
    return records
