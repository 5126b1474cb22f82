"""Whose turn it is: of requests for one thing, one runs and one waits; a newer one takes the waiting one's place."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MOST = 512


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0


class Turns:
    """Lines by key. ``async with turns.take(key) as mine``: ``mine`` is False when a newer request overtook."""

    def __init__(self) -> None:
        self._lines: OrderedDict[Hashable, _Line] = OrderedDict()

    @asynccontextmanager
    async def take(self, key: Hashable) -> AsyncIterator[bool]:
        """Wait for the request before this one."""
        line = self._line(key)
        line.newest += 1
        number = line.newest
        async with line.lock:
            yield number == line.newest

    def _line(self, key: Hashable) -> _Line:
        line = self._lines.setdefault(key, _Line())
        self._lines.move_to_end(key)
        while len(self._lines) > MOST:
            oldest = next(iter(self._lines))
            if self._lines[oldest].lock.locked():
                break
            del self._lines[oldest]
        return line
