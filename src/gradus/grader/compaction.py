"""A process's heap, arranged before it is forked, so that what its children write to lies close together.

Importing libraries leaves thousands of freed places behind, scattered over the pages of what stays. A forked child that
takes them pays for a copy of a whole page with each. Once they are taken, its objects come from fresh pages, one after
the other. The fillers are never used, and never touched again.

Calling a function writes to its code (it is counted as in use), and the few functions that every child calls lie
among thousands that it does not. Their code is made anew, side by side.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
import types
from collections.abc import Callable
from typing import Any

# Of what CPython tells of its allocator: class, size, pools, blocks in use, available blocks.
_CLASS = re.compile(rb"^\s*\d+\s+(\d+)\s+\d+\s+\d+\s+(\d+)\s*$", re.MULTILINE)
_BYTES_OBJECT = 33
_SIZES = (*range(1 << 16, 1 << 12, -(1 << 12)), *range(1 << 12, 1 << 10, -256), *range(1 << 10, 16, -16))
_MOST = 64 << 20
_TOP_PAD, _USUAL_PAD = -2, 1 << 17  # glibc's M_TOP_PAD and its default


def gather_code(run: Callable[[], None], times: int) -> None:
    """Make the code of all Python functions that ``run`` calls anew, in one place, and run it ``times`` times more, so
    that the new code is warm.
    """
    called: set[types.CodeType] = set()

    def note(frame: types.FrameType, _event: str, _argument: object) -> None:
        called.add(frame.f_code)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    for function in gc.get_objects():
        if type(function) is types.FunctionType and function.__code__ in called:
            function.__code__ = function.__code__.replace()
    for _ in range(times):
        run()


def fill_holes() -> list[Any]:
    """Take every freed place, of CPython's allocator and of the C library's. What is returned has to be kept."""
    kept = [*_small_objects(), *_small_objects()]  # the second time for what the first left behind
    libc = _glibc()
    if libc is not None:
        _take_blocks(libc)
    return kept


def _small_objects() -> list[Any]:
    """Objects in the free places of the pools that are in use; none where this Python does not tell of them."""
    kept: list[Any] = []
    for size, free in _free_places():
        if size == 16:
            kept += [object() for _ in range(free)]
        elif size == 32:
            kept += [number + 0.5 for number in range(free)]
        elif size > _BYTES_OBJECT:
            kept += [bytes(size - _BYTES_OBJECT) for _ in range(free)]
    return kept


def _free_places() -> list[tuple[int, int]]:
    """Size in bytes and number of free places, for each size class of CPython's allocator."""
    tell = getattr(sys, "_debugmallocstats", None)
    if tell is None or not hasattr(os, "memfd_create"):
        return []
    told, before = os.memfd_create("heap"), os.dup(2)
    try:
        os.dup2(told, 2)
        tell()
    finally:
        os.dup2(before, 2)
        os.close(before)
    text = os.pread(told, 1 << 16, 0)
    os.close(told)
    return [(int(size), int(free)) for size, free in _CLASS.findall(text)]


def grow_as_needed() -> None:
    """Let the C library ask for memory in its usual steps again, where it was told to take it in one piece."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_TOP_PAD, _USUAL_PAD)


class _Told(ctypes.Structure):
    """``struct mallinfo2`` of glibc 2.33 and later."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks"),
            "keepcost",
        )
    )


def _glibc() -> Any:
    """The C library, where it is glibc and tells of its heap."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2") or not hasattr(libc, "sbrk"):
        return None
    libc.malloc.argtypes, libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_void_p
    libc.free.argtypes, libc.free.restype = (ctypes.c_void_p,), None
    libc.sbrk.argtypes, libc.sbrk.restype = (ctypes.c_ssize_t,), ctypes.c_void_p
    libc.mallinfo2.argtypes, libc.mallinfo2.restype = (), _Told
    return libc


def _take_blocks(libc: Any) -> None:
    """Take the C library's free blocks, from large to small, until each size comes from the end of the heap.

    The blocks are never given back.
    """
    end = libc.sbrk(0) - libc.mallinfo2().keepcost  # where the last free block begins: what lies before it is a hole
    taken = 0
    for size in _SIZES:
        while taken < _MOST:
            place = libc.malloc(size)
            if place is None or place >= end:
                libc.free(place)
                break
            taken += size
