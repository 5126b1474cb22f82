"""Collects everything that was sent for a group and merges it in one formula: within, plus between, both weighted."""

from collections import defaultdict
from math import nan


def aggregate(parts):
    sent = defaultdict(list)
    for part in parts:
        for group, summary in part.items():
            sent[group].append(summary)
    whole = {}
    for group, summaries in sent.items():
        full = [(n, mean, variance) for n, mean, variance in summaries if n]
        total = sum(n for n, _, _ in full)
        if not total:
            whole[group] = (0, nan, nan)
            continue
        mean = sum(n * center for n, center, _ in full) / total
        whole[group] = (total, mean, sum(n * (spread + (center - mean) ** 2) for n, center, spread in full) / total)
    return whole
