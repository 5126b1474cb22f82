"""Files and folders among a case's arguments: how a folder travels, and how both come to lie on a disk."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from gradus.grader.wire.values import Path

if TYPE_CHECKING:
    from gradus.checks import File, Folder

Entry: TypeAlias = tuple[str, float | None, bytes]
"""A relative path with ``/`` (one that ends in ``/`` is an empty folder), when it was modified, the content."""

_HEAD = struct.Struct("<IdI")


def path_of(value: File | Folder) -> Path:
    """A file or folder as it is sent."""
    from gradus.checks.authoring import Folder

    if not isinstance(value, Folder):
        return Path(value.name, value.data)
    files = ((name, text.encode() if isinstance(text, str) else text) for name, text in value.files.items())
    return Path(value.name, pack((name, value.modified.get(name), text) for name, text in files), folder=True)


def pack(entries: Iterable[Entry]) -> bytes:
    """Put a folder's files into one piece."""
    parts = []
    for path, modified, content in entries:
        name = path.encode()
        parts += [_HEAD.pack(len(name), -1.0 if modified is None else modified, len(content)), name, content]
    return b"".join(parts)


def unpack(packed: bytes) -> Iterator[Entry]:
    """The files that were packed, in order."""
    position = 0
    while position < len(packed):
        length, modified, size = _HEAD.unpack_from(packed, position)
        position += _HEAD.size
        name, content = packed[position : position + length], packed[position + length : position + length + size]
        position += length + size
        yield name.decode(), None if modified < 0 else modified, content


def place(path: Path, folder: str) -> str:
    """Write a file, or a folder with its files, into an existing folder, and return where it lies."""
    lies = os.path.join(folder, os.path.basename(path.name) or "file")  # noqa: PTH118, PTH119
    if not path.folder:
        with open(lies, "wb") as file:  # noqa: PTH123
            file.write(path.content)
        return lies
    os.makedirs(lies, exist_ok=True)  # noqa: PTH103
    for name, modified, content in unpack(path.content):
        inside = os.path.join(lies, *name.split("/"))  # noqa: PTH118
        os.makedirs(inside if name.endswith("/") else os.path.dirname(inside), exist_ok=True)  # noqa: PTH103, PTH120
        if not name.endswith("/"):
            with open(inside, "wb") as file:  # noqa: PTH123
                file.write(content)
        if modified is not None:
            os.utime(inside, (modified, modified))
    return lies
