"""A failing run takes all others with it.

expects: failures_are_caught
Nothing catches the exception, so even the records of the runs that finished are lost.
"""


def track(step, base, changes, steps, runs):
    records = list(runs)
    for change in changes:
        params = base | change
        number = 1 + max((record["id"] for record in records), default=0)
        metrics = {}
        for t in range(steps):
            for name, value in step(dict(params), t).items():
                metrics.setdefault(name, []).append([t, value])
        records.append({"id": number, "params": params, "status": "FINISHED", "metrics": metrics, "error": None})
    return records
