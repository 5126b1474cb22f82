"""Which memory a check made its process write to, as the kernel tells: the next runner takes those pages ahead.

A forked runner pays for the first write to every page. The decoy shows which pages every submission needs; what one
exercise needs beyond (a groupby, a cross-validation) shows when a submission has been through it. Addresses say
nothing about what was computed, and only the kernel is asked, never the process.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from gradus.grader.hot_pages import PAGE, in_ranges, own_entries, own_ranges

MOST_PAGES = 2048
"""8 MiB: a submission that writes everywhere must not make every later process a large one."""
_MOST_RANGES = 2500  # what one message to a cell carries


def written_pages(runner: int, cell: int, hot: bytes) -> bytes:
    """The pages that a runner has made its own, beyond those of ``hot`` and those that its cell writes to itself:
    address and length in bytes, one range after the other. Empty where the kernel does not tell.

    ``runner`` and ``cell`` are process numbers. Only memory that the cell has, too, is looked at.
    """
    try:
        ranges = own_ranges(Path(f"/proc/{cell}/maps").read_bytes())
        pages = np.concatenate([np.arange(first, end, dtype=np.uint64) for first, end in ranges])
        own = _own(runner, ranges) & ~_own(cell, ranges)
    except (OSError, ValueError):
        return b""
    pages = pages[own]
    pages = pages[~np.isin(pages, _pages_of(hot))][:MOST_PAGES]
    return in_ranges(pages.tolist())[: 2 * _MOST_RANGES].tobytes()


def _own(process: int, ranges: list[tuple[int, int]]) -> Any:
    """For each page of the ranges, whether this process has it for itself alone."""
    pagemap = os.open(f"/proc/{process}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = []
        for first, end in ranges:
            data = os.pread(pagemap, (end - first) * 8, first * 8)
            entries = np.zeros(end - first, dtype=np.uint64)  # a process that is gone tells nothing
            entries[: len(data) // 8] = np.frombuffer(data, dtype=np.uint64)
            parts.append(entries)
        return own_entries(np.concatenate(parts))
    finally:
        os.close(pagemap)


def _pages_of(ranges: bytes) -> Any:
    pairs = np.frombuffer(ranges, dtype=np.uint64).reshape(-1, 2) // PAGE
    if not len(pairs):
        return np.empty(0, dtype=np.uint64)
    return np.concatenate([np.arange(first, first + count, dtype=np.uint64) for first, count in pairs.tolist()])
