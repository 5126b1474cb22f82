"""The pages that every child writes to: found once, then made private in a few calls instead of one fault each.

A forked child shares its parent's memory until it writes to it; each first write costs a fault. One child runs the
decoy and tells which pages it wrote to; later children take them all at once, which needs no decoy of their own.
"""

from __future__ import annotations

import ctypes
import functools
import os
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from gradus.grader import sandbox_kernel as kernel

_POPULATE_WRITE = 23  # since Linux 5.14
_MADV_COLLAPSE = 25  # since Linux 6.1
_HUGE = 2 << 20
PAGE = 4096
_PRESENT, _FILE, _EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56
_TOLD = _PRESENT | _FILE | _EXCLUSIVE
_PROCESS_MADVISE = 440  # on every machine
_AT_ONCE = 1024


class HotPages:
    """Ranges of memory as the kernel takes them (``struct iovec``): address and length in bytes, in turn."""

    def __init__(self, ranges: array[int] | None = None) -> None:
        self.ranges: array[int] = array("Q") if ranges is None else ranges
        sizes = self.ranges[1::2]
        self._portions = tuple(
            (first, len(part), sum(part))
            for first in range(0, len(sizes), _AT_ONCE)
            if (part := sizes[first : first + _AT_ONCE])
        )

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def populate(self) -> None:
        """Make these pages this process's own. What is no longer mapped is passed over."""
        if _vectored():
            start, _ = self.ranges.buffer_info()
            process = os.pidfd_open(os.getpid())
            for first, count, size in self._portions:
                if _advise(process, start + 16 * first, count) != size:
                    self._one_by_one(first, count)
            os.close(process)
        else:
            self._one_by_one(0, len(self.ranges) // 2)

    def _one_by_one(self, first: int, count: int) -> None:
        madvise = _madvise()
        for place in range(2 * first, 2 * (first + count), 2):
            madvise(self.ranges[place], self.ranges[place + 1], _POPULATE_WRITE)


def written(pagemap: int, maps: bytes) -> array[int]:
    """The pages of ``maps`` (the parent's ``/proc/self/maps``) that this process has made its own: address and length
    in bytes, one range after the other.

    ``pagemap`` is this process's ``/proc/self/pagemap``, open.
    """
    return in_ranges(_own_pages(pagemap, maps))


def in_ranges(pages: Iterable[int]) -> array[int]:
    """Page numbers, in order, as ranges: address and length in bytes, one range after the other."""
    found: array[int] = array("Q")
    for page in pages:
        if found and page * PAGE == found[-2] + found[-1]:
            found[-1] += PAGE
        else:
            found.extend((page * PAGE, PAGE))
    return found


def own_ranges(maps: bytes) -> list[tuple[int, int]]:
    """The private, writable memory of a ``/proc/…/maps``: first page and end of each range."""
    ranges = []
    for line in maps.splitlines():
        fields = line.split()
        if fields[1] == b"rw-p":
            first, end = fields[0].split(b"-")
            ranges.append((int(first, 16) // PAGE, int(end, 16) // PAGE))
    return ranges


def own_entries(entries: Any) -> Any:
    """Whether entries of a ``pagemap`` (an integer, or an array of them) are pages that one process has for itself."""
    return (entries & _TOLD) == (_PRESENT | _EXCLUSIVE)


def _own_pages(pagemap: int, maps: bytes) -> Iterator[int]:
    for first, end in own_ranges(maps):
        entries = array("Q")
        entries.frombytes(os.pread(pagemap, (end - first) * 8, first * 8))
        for place, entry in enumerate(entries):
            if own_entries(entry):
                yield first + place


@functools.cache
def supported() -> bool:
    """Whether this kernel takes many pages at once."""
    room, start = _page_to_try()
    return bool(room) and int(_madvise()(start, PAGE, _POPULATE_WRITE)) == 0


@functools.cache
def _vectored() -> bool:
    """Whether this kernel takes many ranges at once (Linux 6.13 and later; a filter may forbid it)."""
    room, start = _page_to_try()
    one = array("Q", (start, PAGE))
    try:
        process = os.pidfd_open(os.getpid())
    except OSError:
        return False
    try:
        return bool(room) and _advise(process, one.buffer_info()[0], 1) == PAGE
    finally:
        os.close(process)


def _page_to_try() -> tuple[Any, int]:
    """Memory that has to be kept meanwhile, and the address of a whole page in it."""
    room = ctypes.create_string_buffer(2 * PAGE)
    return room, -(-ctypes.addressof(room) // PAGE) * PAGE


def _advise(process: int, ranges: int, count: int) -> int:
    return int(_process_madvise()(_PROCESS_MADVISE, process, ranges, count, _POPULATE_WRITE, 0))


@functools.cache
def _process_madvise() -> Any:
    call = ctypes.CDLL(None).syscall
    call.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long, ctypes.c_long)
    call.restype = ctypes.c_long
    return call


@functools.cache
def _madvise() -> Any:
    call = ctypes.CDLL(None).madvise
    call.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return call


def collapse(maps: int | None) -> None:
    """Gather this process's own memory into huge pages, so that a fork copies one entry where it copied 512.

    Best effort: a kernel before 6.1, or one with huge pages switched off, leaves things as they are.
    """
    if maps is None:
        return
    madvise = kernel.libc().madvise
    for line in read_all(maps).splitlines():
        fields = line.split()
        private = fields[1] == b"rw-p" and (len(fields) < 6 or fields[5].startswith(b"[heap"))
        start, stop = (int(side, 16) for side in fields[0].split(b"-"))
        start, stop = -(-start // _HUGE) * _HUGE, stop // _HUGE * _HUGE
        for place in range(start, stop, _HUGE) if private else ():
            madvise(ctypes.c_void_p(place), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE)


def read_all(fd: int) -> bytes:
    """A file of ``/proc`` from its beginning, through a descriptor that stays open."""
    text = b""
    while part := os.pread(fd, 1 << 16, len(text)):
        text += part
    return text
