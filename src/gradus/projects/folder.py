"""A project's folder, read and written from outside without ever following a link out of it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from gradus.projects.errors import MissingFile

READ_BYTES: Final = 64 << 20
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY: Final = getattr(os, "O_DIRECTORY", 0)
_NONBLOCK: Final = getattr(os, "O_NONBLOCK", 0)
_CLOEXEC: Final = getattr(os, "O_CLOEXEC", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)
_WALKS: Final = os.open in os.supports_dir_fd
_SIZED_EVERY: Final = 0.5


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name within a folder. Raises ValueError for one that leads out of it."""
    path = PurePosixPath(str(name).replace("\\", "/"))
    parts = tuple(part for part in path.parts if part != ".")
    if not parts or path.is_absolute() or ".." in parts or "\0" in str(name):
        raise ValueError(f"not a name within the project's folder: {name!r}")
    return parts


class Folder:
    """The folder behind an open descriptor, or a path where there are no such things.

    ``user`` is who shall own what is written (-1: nobody else), ``most`` how many bytes it may hold, where its own
    file system does not see to that.
    """

    def __init__(self, at: int | Path, user: int, most: int | None) -> None:
        self._at = os.open(at, os.O_RDONLY | _DIRECTORY | _CLOEXEC) if isinstance(at, Path) and _WALKS else at
        self._user = user
        self._most = most
        self._sized = 0.0

    def close(self) -> None:
        """Let go of the folder."""
        if isinstance(self._at, int) and self._at >= 0:
            os.close(self._at)
            self._at = -1

    def is_full(self) -> bool:
        """Whether no more may be written to it."""
        if self._most is not None:
            if time.monotonic() - self._sized < _SIZED_EVERY:
                return False
            self._sized = time.monotonic()
            return sum(size for _, size in self._walk()) > self._most
        try:
            left = os.fstatvfs(self._at) if isinstance(self._at, int) else os.statvfs(self._at)
        except OSError:
            return False
        return left.f_bfree == 0 or left.f_ffree == 0

    @contextlib.contextmanager
    def _parent(self, name: str, make: bool = False) -> Iterator[tuple[int | None, str]]:
        """The descriptor of the folder that holds ``name``, and its last part; no link on the way is followed."""
        *way, last = parts_of(name)
        if not isinstance(self._at, int):
            folder = self._at.joinpath(*way)
            if make:
                folder.mkdir(parents=True, exist_ok=True)
            yield None, str(folder / last)
            return
        here = os.dup(self._at)
        try:
            for part in way:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, 0o755, dir_fd=here)
                        self._own(part, here)
                below = os.open(part, os.O_RDONLY | _DIRECTORY | _NOFOLLOW | _CLOEXEC, dir_fd=here)
                os.close(here)
                here = below
            yield here, last
        finally:
            os.close(here)

    def _own(self, part: str, at: int | None) -> None:
        if self._user >= 0:
            os.chown(part, self._user, self._user, dir_fd=at, follow_symlinks=False)

    def read(self, name: str, most: int = READ_BYTES) -> bytes:
        """The bytes of a file.

        Raises:
            MissingFile: there is none of that name, or it is a link, a folder, something else, or too large.
        """
        try:
            with self._parent(name) as (at, last):
                fd = os.open(last, os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _CLOEXEC | _BINARY, dir_fd=at)
                with os.fdopen(fd, "rb") as file:
                    if not stat.S_ISREG(os.fstat(fd).st_mode):
                        raise MissingFile(f"`{name}` is not a file.")
                    data = file.read(most + 1)
        except OSError as error:
            reason = "is a link, which is not followed" if error.errno == errno.ELOOP else "is not there"
            raise MissingFile(f"`{name}` {reason}.") from None
        if len(data) > most:
            raise MissingFile(f"`{name}` is larger than {most >> 20} MB.")
        return data

    def write(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """Make or replace a file; folders on the way are made, a link in its place is replaced, not followed."""
        with self._parent(name, make=True) as (at, last):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(last, dir_fd=at)
            fd = os.open(last, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _CLOEXEC | _BINARY, mode, dir_fd=at)
            with os.fdopen(fd, "wb") as file:
                file.write(data)
            self._own(last, at)

    def remove(self, name: str) -> None:
        """Remove a file, a link, or a folder with all that is in it; nothing when it is not there."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), self._parent(name) as (at, last):
            _remove(last, at)

    def exists(self, name: str) -> bool:
        """Whether there is something of that name."""
        try:
            with self._parent(name) as (at, last):
                os.stat(last, dir_fd=at, follow_symlinks=False)
        except OSError:
            return False
        return True

    def fill(self, files: Mapping[str, bytes]) -> None:
        """Write all of these."""
        for name, data in files.items():
            self.write(name, data, 0o755 if data.startswith(b"#!") else 0o644)

    def names(self) -> list[str]:
        """Every regular file in it, sorted; links are left out."""
        return sorted(name for name, _ in self._walk())

    def _walk(self) -> Iterator[tuple[str, int]]:
        if not isinstance(self._at, int):
            for path in self._at.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(self._at).as_posix(), path.stat().st_size
            return
        waiting: list[tuple[int, str]] = [(os.dup(self._at), "")]
        while waiting:
            here, above = waiting.pop()
            try:
                for entry in os.scandir(here):
                    with contextlib.suppress(OSError):
                        if entry.is_dir(follow_symlinks=False):
                            flags = os.O_RDONLY | _DIRECTORY | _NOFOLLOW | _CLOEXEC
                            waiting.append((os.open(entry.name, flags, dir_fd=here), f"{above}{entry.name}/"))
                        elif entry.is_file(follow_symlinks=False):
                            size = entry.stat(follow_symlinks=False)
                            yield f"{above}{entry.name}", getattr(size, "st_blocks", 0) * 512
            finally:
                os.close(here)


def _remove(name: str, at: int | None) -> None:
    if not stat.S_ISDIR(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=at)
        return
    import shutil

    if at is None:
        shutil.rmtree(name)
    else:
        shutil.rmtree(name, dir_fd=at)
