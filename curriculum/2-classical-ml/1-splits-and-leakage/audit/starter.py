def audit(record: dict) -> set[str]:
    """Return the names of the leaks in the record of an evaluation.

    record: "X" (n, d), "fits" (list of dicts "step", "rows", "labels", the model last), "scored", "tuned_on",
    "groups", "time" ((n,) or None), "known" (d,).
    """
    raise NotImplementedError
