from collections.abc import Iterable
from typing import Any


def safe_load(data: bytes, allowed: Iterable[str]) -> Any:
    """The object of a pickle that may look up nothing but `allowed` (names such as "fractions.Fraction").

    Raises pickle.UnpicklingError if it asks for anything else, before calling it.
    """
    raise NotImplementedError
