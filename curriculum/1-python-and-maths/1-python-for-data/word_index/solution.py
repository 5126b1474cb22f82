import re
from collections.abc import Collection


def word_index(docs: dict[str, str], stopwords: Collection[str] = ()) -> dict[str, list[str]]:
    """Map each word to the sorted names of the documents that contain it.

    docs: name -> text. Words are runs of a-z in the lower-cased text; stopwords are left out.
    """
    common = set(stopwords)
    index: dict[str, list[str]] = {}
    for name in sorted(docs):  # in this order every list of names grows sorted
        for word in set(re.findall(r"[a-z]+", docs[name].lower())) - common:
            index.setdefault(word, []).append(name)
    return index
