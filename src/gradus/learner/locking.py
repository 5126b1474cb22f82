"""A lock beside the database: many may use it, one alone may replace it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, alone: bool) -> Iterator[None]:
    """Hold the lock file, together with others or alone. Freed by the system if the process dies.

    Without ``fcntl`` (Windows) it does nothing: there an open database cannot be replaced anyway.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
