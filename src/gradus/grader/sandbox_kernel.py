"""The few Linux system calls the sandbox needs that Python does not offer (or only from 3.12 on), through ctypes.

Every function raises OSError as Python's own would.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import sys
from typing import Any, Final

CLONE_NEWNS: Final = 0x00020000
CLONE_NEWUTS: Final = 0x04000000
CLONE_NEWIPC: Final = 0x08000000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWPID: Final = 0x20000000
CLONE_NEWNET: Final = 0x40000000

MS_RDONLY: Final = 1
MS_NOSUID: Final = 2
MS_NODEV: Final = 4
MS_NOEXEC: Final = 8
MS_REMOUNT: Final = 32
MS_NOATIME: Final = 1024
MS_BIND: Final = 4096
MS_REC: Final = 16384
MS_PRIVATE: Final = 1 << 18
MNT_DETACH: Final = 2

_SYS_MOUNT_SETATTR: Final = 442
_SYS_PIVOT_ROOT: Final = {"x86_64": 155, "aarch64": 41}
_AT_RECURSIVE: Final = 0x8000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_SECUREBITS: Final = 28
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAP_AMBIENT: Final = 47
_CAPABILITY_VERSION: Final = 0x20080522
_NUMBERS: Final = tuple(map(ctypes.c_ulong, range(64)))


class _Library:
    """The C library, opened when it is first needed."""

    loaded: Any = None


def libc() -> Any:
    """The C library, with ``errno`` kept."""
    if _Library.loaded is None:
        _Library.loaded = ctypes.CDLL(None, use_errno=True)
        _Library.loaded.syscall.restype = ctypes.c_long
    return _Library.loaded


@functools.cache
def machine() -> str:
    """``x86_64`` or ``aarch64``; anything else has no sandbox of system calls here."""
    name = platform.machine()
    # A 32-bit interpreter on a 64-bit kernel speaks other numbers.
    return name if sys.maxsize > 2**32 else f"{name} in 32 bits"


def check(result: int, what: str) -> int:
    """``result``, or the OSError that it stands for."""
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def fork() -> int:
    """Fork as the C library does, for a process with one thread that is a child of ``os.fork`` itself and has done
    nothing since: without what Python does for those with several.

    ``os.fork`` makes locks anew, seeds ``random`` and runs what modules have registered, which all writes to a hundred
    pages in every child.
    """
    return check(int(_forking()()), "fork")


@functools.cache
def _forking() -> Any:
    return ctypes.PyDLL(None, use_errno=True).fork  # the interpreter's lock is held meanwhile


def unshare(flags: int) -> None:
    check(libc().unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    check(libc().setns(fd, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int = 0, data: str | None = None) -> None:
    result = libc().mount(
        source.encode(),
        target.encode(),
        None if kind is None else kind.encode(),
        ctypes.c_ulong(flags),
        None if data is None else data.encode(),
    )
    check(result, f"mount {target}")


def make_read_only(path: str) -> None:
    """A mount and all below it: read-only, no set-uid, no device files."""

    class Attributes(ctypes.Structure):
        _fields_ = (
            ("set", ctypes.c_uint64),
            ("clear", ctypes.c_uint64),
            ("propagation", ctypes.c_uint64),
            ("userns", ctypes.c_uint64),
        )

    wanted = Attributes(_ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV, 0, 0, 0)
    result = libc().syscall(
        _SYS_MOUNT_SETATTR, -100, path.encode(), _AT_RECURSIVE, ctypes.byref(wanted), ctypes.sizeof(wanted)
    )
    if result == 0:
        return
    # Before Linux 5.12: the top mount only, keeping the flags that it must keep.
    kept = os.statvfs(path).f_flag & (MS_NOEXEC | MS_NOSUID | MS_NODEV | 1024 | 2048)
    mount("none", path, None, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)


def pivot_into(root: str) -> None:
    """Make ``root`` the root, and let go of the old one."""
    os.chdir(root)
    check(libc().syscall(_SYS_PIVOT_ROOT[machine()], b".", b"."), "pivot_root")
    check(libc().umount2(b".", MNT_DETACH), "umount the old root")
    os.chdir("/")


def prctl(option: int, first: int = 0, second: int = 0, third: int = 0, fourth: int = 0) -> int:
    numbers = ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(third), ctypes.c_ulong(fourth)
    return check(int(libc().prctl(option, *numbers)), "prctl")


def drop_capabilities() -> None:
    """Give up every capability, for good: also those that running another program could bring back."""
    call, none = libc().prctl, _NUMBERS[0]
    for capability in _NUMBERS:
        if call(PR_CAPBSET_DROP, capability, none, none, none) != 0:
            break  # the kernel knows no more
    try:
        prctl(PR_CAP_AMBIENT, 4)  # clear all
        prctl(PR_SET_SECUREBITS, 0b101111)
    except OSError:
        pass
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    check(libc().capset(header, (ctypes.c_uint32 * 6)()), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def set_hostname(name: str) -> None:
    check(libc().sethostname(name.encode(), len(name)), "sethostname")
