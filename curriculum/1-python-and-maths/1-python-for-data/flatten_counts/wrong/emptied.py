"""The caller's lists are used up.

expects: input_changed
`pop` takes each label out of the list it came from, so whoever called the function is left with empty lists.
"""

from collections import Counter


def flatten_counts(answers, min_count=1):
    counts = Counter()
    for labels in answers:
        while labels:
            counts[labels.pop()] += 1
    kept = [(label, count) for label, count in counts.items() if count >= min_count]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))
