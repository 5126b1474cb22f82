"""Plain sets and tuples: rows as tuples make duplicates a matter of intersection, like everything else."""


def audit(record: dict) -> set[str]:
    scored = set(record["scored"].tolist())
    *steps, model = record["fits"]
    trained = set(model["rows"].tolist()) - scored
    leaks = set()

    def both(values):
        return {values[i] for i in trained} & {values[i] for i in scored}

    if scored & set(model["rows"].tolist()):
        leaks.add("overlap")
    for step in steps:
        if scored & set(step["rows"].tolist()):
            leaks.add("selection" if step["labels"] else "preprocessing")
    if scored & set(record["tuned_on"].tolist()):
        leaks.add("tuning")
    if both([tuple(row) for row in record["X"].tolist()]):
        leaks.add("duplicate")
    if record["groups"] is not None and both(record["groups"].tolist()):
        leaks.add("group")
    if record["time"] is not None:
        first = min(record["time"][i] for i in scored)
        if any(record["time"][i] > first for i in trained):
            leaks.add("time")
    if max(record["known"]) > 0:
        leaks.add("feature")
    return leaks
