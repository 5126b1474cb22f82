"""Landlock: the kernel refuses every path outside a short list, also where there are no namespaces."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable
from typing import Final

from gradus.grader.sandbox_kernel import PR_SET_NO_NEW_PRIVS, check, libc, prctl

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on x86_64 and aarch64
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version the kernel offers; 0 when it has none, or it is switched off."""
    return max(0, int(libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def _handled(version: int) -> int:
    bits = 13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16
    return (1 << bits) - 1


def restrict(readable: Iterable[str], writable: Iterable[str], listable: Iterable[str] = ()) -> int:
    """Allow this process these paths and what is below them, and nothing else, for good. Returns the version used.

    Of what is in ``listable`` folders only the names can be seen.

    From version 4 on TCP is refused, from 6 on signals and abstract sockets to processes outside.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = abi()
    if version < 1:
        raise OSError(errno.ENOSYS, "the kernel has no Landlock")
    every = _handled(version)
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = (ctypes.c_uint64 * 3)(every, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    rules = check(
        int(libc().syscall(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))), "landlock"
    )
    try:
        for paths, access in ((readable, _READ & every), (writable, every), (listable, _READ_DIR)):
            for path in paths:
                _allow(rules, path, access)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        check(int(libc().syscall(_RESTRICT, rules, ctypes.c_uint32(0))), "landlock")
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: str, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            access &= _FILE_ONLY
        rule = _Beneath(access, parent)
        check(int(libc().syscall(_ADD, rules, 1, ctypes.byref(rule), ctypes.c_uint32(0))), f"landlock {path}")
    finally:
        os.close(parent)
