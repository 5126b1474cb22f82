"""Lets `defaultdict` make each new list, and gives back a plain dict, which no later look-up can grow by accident."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

Row = dict[str, Any]


def group(rows: list[Row], key: str) -> dict[Hashable, list[Row]]:
    groups: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.get(key)].append(row)
    return dict(groups)
