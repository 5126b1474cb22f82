"""Landlock: the kernel refuses every path outside a short list, also where there are no namespaces."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
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


@functools.cache
def abi() -> int:
    """The version the kernel offers; 0 when it has none, or it is switched off."""
    return max(0, int(libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def _handled(version: int) -> int:
    bits = 13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16
    return (1 << bits) - 1


@dataclass(frozen=True)
class Paths:
    """What is allowed: reading in ``readable``, everything in ``writable``; of what is in ``listable`` folders only the
    names can be seen. What is not there is passed over.
    """

    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    listable: tuple[str, ...] = ()

    def opened(self) -> Iterator[_Beneath]:
        """Each of them as a rule, open; who asks for it closes it."""
        every = _handled(abi())
        for paths, access in ((self.readable, _READ & every), (self.writable, every), (self.listable, _READ_DIR)):
            for path in paths:
                try:
                    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
                except OSError:
                    continue
                yield _Beneath(access if os.path.isdir(path) else access & _FILE_ONLY, parent)  # noqa: PTH112


@dataclass(frozen=True)
class OpenPaths:
    """The same, open already, for a process that is forked often."""

    rules: tuple[_Beneath, ...]

    def opened(self) -> Iterator[_Beneath]:
        return iter(self.rules)


def restrict(*allowed: Paths | OpenPaths, tcp: bool = False) -> int:
    """Allow this process what is said, and nothing else, for good. Returns the version used.

    From version 4 on TCP is refused unless ``tcp``, from 6 on signals and abstract sockets to processes outside.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = abi()
    if version < 1:
        raise OSError(errno.ENOSYS, "the kernel has no Landlock")
    size = 8 if version < 4 else 16 if version < 6 else 24
    network = 3 if version >= 4 and not tcp else 0
    attributes = (ctypes.c_uint64 * 3)(_handled(version), network, 3 if version >= 6 else 0)
    call, none = libc().syscall, ctypes.c_uint32(0)
    rules = check(int(call(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), none)), "landlock")
    try:
        for paths in allowed:
            for rule in paths.opened():
                try:
                    check(int(call(_ADD, rules, 1, ctypes.byref(rule), none)), "landlock")
                finally:
                    os.close(rule.parent)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        check(int(call(_RESTRICT, rules, none)), "landlock")
    finally:
        os.close(rules)
    return version
