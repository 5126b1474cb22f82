from collections.abc import Mapping, Sequence
from math import nan

Summary = tuple[int, float, float]


def aggregate(parts: Sequence[Mapping[str, Summary]]) -> dict[str, Summary]:
    """Merge the summaries of many parts into that of the whole.

    parts: for each worker, (n, mean, population variance) by group. Returns the same for all rows together.
    """
    raise NotImplementedError
