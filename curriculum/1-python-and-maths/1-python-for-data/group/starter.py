from collections.abc import Hashable
from typing import Any

Row = dict[str, Any]


def group(rows: list[Row], key: str) -> dict[Hashable, list[Row]]:
    """Map each value of the field `key` to the rows that have it, in their order.

    A row without the field belongs to the group None.
    """
    raise NotImplementedError
