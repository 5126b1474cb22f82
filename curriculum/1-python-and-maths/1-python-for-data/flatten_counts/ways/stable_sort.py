"""Sorts twice: Python's sort is stable, so the second sort keeps the alphabetical order among equal counts."""

from collections import Counter
from itertools import chain


def flatten_counts(answers: list[list[str]], min_count: int = 1) -> list[tuple[str, int]]:
    counts = Counter(chain.from_iterable(answers))
    alphabetical = sorted(counts.items())
    by_count = sorted(alphabetical, key=lambda pair: pair[1], reverse=True)
    return [pair for pair in by_count if pair[1] >= min_count]
