"""Says what a group is in one line; it reads the rows once per group, which is fine while groups are few."""

from collections.abc import Hashable
from typing import Any

Row = dict[str, Any]


def group(rows: list[Row], key: str) -> dict[Hashable, list[Row]]:
    values = dict.fromkeys(row.get(key) for row in rows)  # unique, in order
    return {value: [row for row in rows if row.get(key) == value] for value in values}
