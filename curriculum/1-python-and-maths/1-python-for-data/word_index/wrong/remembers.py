"""Documents of an earlier call are still in the index.

expects: starts_empty
The dictionary at the top of the file is made once and filled by every call.
"""

import re

index = {}


def word_index(docs, stopwords=()):
    for name in sorted(docs):
        for word in set(re.findall(r"[a-z]+", docs[name].lower())) - set(stopwords):
            index.setdefault(word, []).append(name)
    return index
