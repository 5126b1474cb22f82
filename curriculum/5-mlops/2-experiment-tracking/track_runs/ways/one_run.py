"""Gives one run a function of its own that returns a finished record, so that the loop over runs is a single line."""


def track(step, base, changes, steps, runs):
    first = max([record["id"] for record in runs] + [0]) + 1
    return runs + [one_run(step, {**base, **change}, steps, first + k) for k, change in enumerate(changes)]


def one_run(step, params, steps, number):
    metrics, status, error = {}, "FINISHED", None
    for t in range(steps):
        try:
            answer = step({**params}, t)
        except Exception as problem:
            status, error = "FAILED", f"{type(problem).__name__}: {problem}"
            break
        for name in answer:
            metrics.setdefault(name, []).append([t, answer[name]])
    return {"id": number, "params": params, "status": status, "metrics": metrics, "error": error}
