"""Collects the names in sets, so that repeats take care of themselves, and sorts them at the end."""

import re
from collections import defaultdict
from collections.abc import Collection


def word_index(docs: dict[str, str], stopwords: Collection[str] = ()) -> dict[str, list[str]]:
    common = set(stopwords)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, text in docs.items():
        for word in re.findall(r"[a-z]+", text.lower()):
            if word not in common:
                found[word].add(name)
    return {word: sorted(names) for word, names in found.items()}
