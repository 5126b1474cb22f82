def flatten_counts(answers: list[list[str]], min_count: int = 1) -> list[tuple[str, int]]:
    """Return (label, count) for every label given at least min_count times, the most frequent first.

    answers: one list of labels per photo. Equal counts are in alphabetical order.
    """
    raise NotImplementedError
