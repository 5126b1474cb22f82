"""Files for what a learner prints: in memory, of a fixed size that cannot be grown, readable after a kill."""

from __future__ import annotations

import os
import tempfile


def open_output(name: str) -> int:
    """A descriptor of a fresh, empty file that no path leads to."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fd, path = tempfile.mkstemp(prefix=f"gradus-{name}-")
    os.unlink(path)  # noqa: PTH108
    return fd


def bound(fd: int, size: int) -> None:
    """Fix the file's size: a write beyond it fails, whoever holds the descriptor.

    The position in the file, shared by all who hold it, tells how much was written.
    """
    os.lseek(fd, 0, os.SEEK_SET)
    os.ftruncate(fd, size)
    if hasattr(os, "memfd_create"):
        import fcntl

        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
