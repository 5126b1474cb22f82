"""word_index(docs, stopwords): whole words in lower case, each document once, names sorted, common words out."""

import bisect
import heapq
import re
import shutil
import statistics
import textwrap

from gradus.checks import behaviour, call, cases, fail, misconception, valid

STOPWORDS = ["a", "an", "and", "are", "for", "if", "in", "is", "it", "of", "or", "that", "the", "to", "with"]


@valid
def names_and_texts(docs, stopwords=()):
    return all(isinstance(word, str) and re.fullmatch("[a-z]+", word) for word in stopwords)


def _docstrings():
    """Name -> first lines of the docstring, for functions of a few small modules."""
    found = {}
    for module in (bisect, heapq, shutil, statistics, textwrap):
        for name in sorted(vars(module)):
            value = getattr(module, name)
            if callable(value) and not name.startswith("_") and value.__doc__:
                found[f"{module.__name__}.{name}"] = " ".join(value.__doc__.split())[:160]
    return found


@cases
def documentation(rng):
    """Real docstrings in a random order, and small texts with every trap: capitals, repeats, words inside words."""
    cat, dog, owl = rng.choice(["cat", "bat", "rat", "hen", "cow", "owl", "elk"], size=3, replace=False).tolist()
    texts = [
        f"Of the {cat}s the {cat} is the last. THE {dog}!",
        f"{dog.title()}, {dog}; and of the {owl}: 2 {owl}-like {cat}alogs",
        "",
        f"don't_{owl}",
    ]
    names = rng.permutation(["d", "c", "b", "a"]).tolist()
    if names == sorted(names):
        names.reverse()
    small = dict(zip(names, texts, strict=True))
    yield call(small, stopwords=["of", "the"])
    yield small
    real = _docstrings()
    chosen = rng.permutation(sorted(real))[:8].tolist()
    yield call({name: real[name] for name in chosen}, stopwords=STOPWORDS)
    yield call({"x": "of the of"}, stopwords=("the", "of"))
    yield {}


def _words(text):
    return re.findall(r"[a-z]+", text.lower())


def _index(docs, words_of, names_of=lambda names: sorted(set(names))):
    found = {}
    for name, text in docs.items():
        for word in words_of(text):
            found.setdefault(word, []).append(name)
    return {word: names_of(names) for word, names in found.items()}


@misconception
def deleted_while_iterating(docs, stopwords=()):
    """Of two common words in a row, the second is still there.

    Removing items from a list while a `for` loop walks over it moves the rest one place forward, and the loop steps
    over the neighbor of whatever it removed. With single words it seems to work; "of the" shows it. Build a new
    collection of the words you keep."""

    def words_of(text):
        words = _words(text)
        for word in words:
            if word in stopwords:
                words.remove(word)
        return words

    return _index(docs, words_of)


@misconception
def found_inside_words(docs, stopwords=()):
    """A document is listed for a word that it contains only as part of another.

    For strings, `"cat" in text` asks for the letters anywhere, also in "catalog". Compare whole words: split the text
    first, then ask whether the word is among the pieces."""
    vocabulary = {word for text in docs.values() for word in _words(text)} - set(stopwords)
    return {w: sorted(name for name, text in docs.items() if w in text.lower()) for w in vocabulary}


@misconception
def listed_per_occurrence(docs, stopwords=()):
    """A document that uses a word twice is listed twice.

    You noted the name at every occurrence. The index answers *which* documents contain the word; each belongs in the
    answer once."""
    return _index(docs, lambda text: [w for w in _words(text) if w not in stopwords], sorted)


@misconception
def capitals_kept(docs, stopwords=()):
    """`The` and `the` are two words in your index.

    People search in lower case, and a word at the start of a sentence is the same word. Bring the text to lower case
    before it is cut into words and compared with the stop words."""
    return _index(docs, lambda text: [w for w in re.findall(r"[A-Za-z]+", text) if w not in stopwords])


@misconception
def names_unsorted(docs, stopwords=()):
    """The names are in the order of `docs`, not sorted.

    Dictionaries keep the order in which they were filled, so the index would change whenever the documents were read in
    another order. Sort each list of names."""
    return _index(docs, lambda text: set(_words(text)) - set(stopwords), list)


@misconception
def digits_and_underscores(docs, stopwords=()):
    """Some of your words hold digits, underscores or accents.

    `\\w` means letters of every alphabet, digits and the underscore, so `don_t` and `2` are words. The task counts only
    runs of the letters a to z."""
    return _index(docs, lambda text: [w for w in re.findall(r"\w+", text.lower()) if w not in stopwords])


@misconception
def split_at_spaces(docs, stopwords=()):
    """Punctuation sticks to the words.

    `text.split()` cuts at spaces only, so "last." and "last" are two words and nobody will find the first. Cut at
    everything that is not a letter."""
    return _index(docs, lambda text: [w for w in text.lower().split() if w not in stopwords])


@behaviour("every call starts with an empty index")
def starts_empty(student, rng):
    """A dictionary made outside the function, or as a default argument, is made once and shared by all calls: documents
    of the last call are found in the next. Make it inside the function."""
    student.word_index({"old": "cat"})
    second = student.word_index({"new": "cat"})
    if "old" in second["cat"]:
        fail(
            "Documents of an earlier call are still in the index.",
            case='word_index({"old": "cat"}), then word_index({"new": "cat"})["cat"]',
            expected=["new"],
            actual=second["cat"],
        )
