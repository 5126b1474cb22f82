from collections import Counter


def flatten_counts(answers: list[list[str]], min_count: int = 1) -> list[tuple[str, int]]:
    """Return (label, count) for every label given at least min_count times, the most frequent first.

    answers: one list of labels per photo. Equal counts are in alphabetical order.
    """
    counts = Counter(label for labels in answers for label in labels)
    kept = [(label, count) for label, count in counts.items() if count >= min_count]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))
