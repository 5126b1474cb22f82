"""flatten_counts(answers, min_count): every answer counts, ties are alphabetical, min_count itself is enough."""

from collections import Counter

from gradus.checks import call, cases, misconception, valid

LABELS = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen"]


@valid
def lists_of_labels(answers, min_count=1):
    return min_count >= 1 and all(isinstance(label, str) and label for labels in answers for label in labels)


@cases
def collections(rng):
    """Three labels tie at two answers, and meet neither in alphabetical order nor in its reverse."""
    a, b, c, d, e = sorted(rng.choice(LABELS, size=5, replace=False).tolist())
    answers = [[b, d], [], [c, b, d], [a, e, e], [c, e]]
    yield answers
    yield call(answers, min_count=2)
    yield call([[d, d, d], [a], [a, d]], min_count=3)
    photos = [rng.choice(LABELS, size=int(rng.integers(0, 6))).tolist() for _ in range(12)]
    yield photos
    yield call(photos, min_count=int(rng.integers(2, 6)))
    yield [[], []]
    yield []


@misconception
def once_per_photo(answers, min_count=1):
    """A label that two people gave to one photo is counted once.

    A `set` per photo answers another question: in how many photos does the label occur? (For words, that is the
    document frequency.) Here every single answer counts, so repeated labels inside a list must survive."""
    counts = Counter(label for labels in answers for label in set(labels))
    return sorted(((x, n) for x, n in counts.items() if n >= min_count), key=lambda pair: (-pair[1], pair[0]))


@misconception
def ties_reversed(answers, min_count=1):
    """Labels with equal counts stand in reverse alphabetical order.

    `reverse=True` turns the whole comparison around, the tie-break included. It is tempting because it does the right
    thing for the counts. The two parts of the sort need different directions."""
    counts = Counter(label for labels in answers for label in labels)
    return sorted(((x, n) for x, n in counts.items() if n >= min_count), key=lambda p: (p[1], p[0]), reverse=True)


@misconception
def ties_as_met(answers, min_count=1):
    """Labels with equal counts stand in the order in which they were first met.

    That is what `Counter.most_common` and a sort by count alone do. The result then depends on the order of the photos:
    shuffle the collection and the same data gives another answer. Settle ties by the label itself."""
    counts = Counter(label for labels in answers for label in labels)
    return [(label, count) for label, count in counts.most_common() if count >= min_count]


@misconception
def alphabetical(answers, min_count=1):
    """The rarest labels are not at the end: the list is in alphabetical order.

    Sorting `(label, count)` tuples compares the labels first, because they stand first. Say what to sort by with a
    `key`."""
    counts = Counter(label for labels in answers for label in labels)
    return sorted((label, count) for label, count in counts.items() if count >= min_count)


@misconception
def more_than_min_count(answers, min_count=1):
    """A label given exactly `min_count` times is missing.

    "At least 2" includes 2. With `>` instead of `>=` the default of 1 silently drops every label that was given
    once."""
    counts = Counter(label for labels in answers for label in labels)
    return sorted(((x, n) for x, n in counts.items() if n > min_count), key=lambda pair: (-pair[1], pair[0]))
