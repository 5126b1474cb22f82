"""Makes the set of (word, name) pairs, sorts it once and cuts it into runs: the way indexes on disk are built."""

import re
from collections.abc import Collection
from itertools import groupby
from operator import itemgetter


def word_index(docs: dict[str, str], stopwords: Collection[str] = ()) -> dict[str, list[str]]:
    common = set(stopwords)
    pairs = {(word, name) for name, text in docs.items() for word in re.findall(r"[a-z]+", text.lower())}
    return {
        word: [name for _, name in run] for word, run in groupby(sorted(pairs), key=itemgetter(0)) if word not in common
    }
