"""Read a submission once: the file and its neighbors, as bytes, so that nothing is read from disk later."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from gradus.errors import WorkspaceError

MOST_BYTES_A_FILE = 256 * 1024
MOST_BYTES = 1024 * 1024
MOST_FILES = 64
MOST_DEPTH = 3
_SKIP = {"__pycache__", "node_modules", "venv", "env", "site-packages"}


def read_source(file: Path, root: Path | None) -> bytes:
    """The file's bytes. A link is followed only inside ``root``; None stands for a file outside any workspace.

    Raises WorkspaceError when it is missing, not a regular file, too large, or a link out of the workspace.
    """
    try:
        return _read(file, root)
    except _LeadsOutsideError:
        raise WorkspaceError(
            "This file is a link that leads out of the workspace, so it was not read.",
            str(file),
            "Replace the link by the file itself.",
        ) from None
    except _TooLargeError:
        raise WorkspaceError(
            f"This file is larger than {MOST_BYTES_A_FILE // 1024} KB, too large for an exercise.", str(file)
        ) from None
    except FileNotFoundError:
        raise WorkspaceError("There is no such file.", str(file), "`gradus init` lays missing files again.") from None
    except OSError as error:
        raise WorkspaceError(f"This file cannot be read: {error.strerror or error}.", str(file)) from None


def read_siblings(file: Path, folders: tuple[Path, ...], root: Path | None) -> dict[str, bytes]:
    """Python files that ``file`` might import, by their path below their folder; the first folder wins a name.

    Bounded in count, size and depth. What cannot be read, or leads out of ``root``, is left out, not an error: it may
    have nothing to do with the exercise.
    """
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    real = Path(os.path.realpath(root)) if root is not None else None
    for position, folder in enumerate(folders):
        if real is not None and not Path(os.path.realpath(folder)).is_relative_to(real):
            continue
        # Only the file's own folder may hold packages: the root's folders are stages, full of other exercises.
        for path, name, linked in _python_files(folder, MOST_DEPTH if position == 0 and root is not None else 1):
            if len(found) >= MOST_FILES:
                return found
            if name in found or name == file.name:
                continue
            try:
                body = _read(path, root) if linked or root is None else _read_plain(path)
            except OSError:
                continue
            if len(body) <= left:
                found[name] = body
                left -= len(body)
    return found


class _LeadsOutsideError(OSError):
    pass


class _TooLargeError(OSError):
    pass


def _python_files(folder: Path, depth: int, prefix: str = "") -> Iterator[tuple[Path, str, bool]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIP:
            continue
        if entry.name.endswith(".py"):
            if entry.name != "notebook.py":  # the paired notebook holds whole submissions, not helpers
                yield Path(entry.path), prefix + entry.name, entry.is_symlink()
        elif depth > 1 and entry.is_dir(follow_symlinks=False):
            yield from _python_files(Path(entry.path), depth - 1, f"{prefix}{entry.name}/")


def _read(path: Path, root: Path | None) -> bytes:
    """Read what ``path`` leads to; inside ``root`` when there is one."""
    target = Path(os.path.realpath(path))
    if root is not None and not target.is_relative_to(os.path.realpath(root)):
        raise _LeadsOutsideError("leads out of the workspace")
    return _read_plain(target)


def _read_plain(path: Path) -> bytes:
    """Read a regular file that is not a link, bounded."""
    # O_NONBLOCK: opening a named pipe must not wait for its writer. fstat looks at what was opened, not at its name.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "it is not a regular file")
        if state.st_size > MOST_BYTES_A_FILE:
            raise _TooLargeError("too large")
        pieces, left = [], MOST_BYTES_A_FILE + 1
        while left > 0 and (piece := stream.read(left)):
            pieces.append(piece)
            left -= len(piece)
    if left <= 0:
        raise _TooLargeError("too large")
    return b"".join(pieces)
