from collections.abc import Collection


def word_index(docs: dict[str, str], stopwords: Collection[str] = ()) -> dict[str, list[str]]:
    """Map each word to the sorted names of the documents that contain it.

    docs: name -> text. Words are runs of a-z in the lower-cased text; stopwords are left out.
    """
    raise NotImplementedError
