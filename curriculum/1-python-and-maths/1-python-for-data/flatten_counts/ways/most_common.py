"""Fills the counter in alphabetical order, so that `most_common` breaks ties the way the task wants."""

from collections import Counter


def flatten_counts(answers: list[list[str]], min_count: int = 1) -> list[tuple[str, int]]:
    counts = Counter(sorted(label for labels in answers for label in labels))
    return [(label, count) for label, count in counts.most_common() if count >= min_count]
