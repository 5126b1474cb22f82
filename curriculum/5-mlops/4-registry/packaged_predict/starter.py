from collections.abc import Mapping, Sequence


def predict(package: bytes, running: str, rows: Sequence[Mapping[str, float]]) -> list[float]:
    """The model's answers for some rows, preprocessing included.

    package: the model as JSON. running: the version of the library that runs now. Raises ValueError if they do not fit,
    KeyError if a row lacks a column.
    """
    raise NotImplementedError
