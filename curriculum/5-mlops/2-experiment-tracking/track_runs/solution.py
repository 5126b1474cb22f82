from collections.abc import Callable


def track(step: Callable[[dict, int], dict], base: dict, changes: list[dict], steps: int, runs: list[dict]) -> list:
    """Train once for each change and return all records: the earlier ones, then one for each change.

    step: (params, t) to a dict of metrics; may raise. A record: id, params, status, metrics, error.
    """
    records = list(runs)
    for change in changes:
        params = base | change
        number = 1 + max((record["id"] for record in records), default=0)
        record = {"id": number, "params": params, "status": "FINISHED", "metrics": {}, "error": None}
        records.append(record)  # before training: whatever happens, there is a trace
        try:
            for t in range(steps):
                for name, value in step(dict(params), t).items():
                    record["metrics"].setdefault(name, []).append([t, value])
        except Exception as error:
            record["status"], record["error"] = "FAILED", f"{type(error).__name__}: {error}"
    return records
