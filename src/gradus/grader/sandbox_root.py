"""The file system a learner's code sees: the system and the interpreter, read-only, and nothing of anybody's.

Never in it: the home folder, the workspace, the curriculum, Gradus itself.
"""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from gradus.grader.sandbox_kernel import (
    MS_BIND,
    MS_NOATIME,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    make_read_only,
    mount,
)

_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/libx32", "/bin", "/sbin", "/nix/store", "/gnu/store")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives", "mime.types")
_DEVICES = ("null", "full", "random", "urandom")  # no zero: mapping it shared is memory that no limit counts
_ACCOUNTS = {
    "passwd": "learner:x:65534:65534:learner:/tmp:/bin/false\n",
    "group": "learner:x:65534:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "hosts": "127.0.0.1 localhost gradus\n",
}
_SMALL = (*(f"/etc/{name}" for name in (*_ETC, "passwd", "nsswitch.conf")), *(f"/dev/{name}" for name in _DEVICES))


class UnsafePlaceError(Exception):
    """Python or a library lives where showing it would show the home folder or the curriculum."""


@dataclass(frozen=True)
class Plan:
    """What is shown: ``shown`` and ``system`` are paths, ``masked`` are folders within them that appear empty."""

    shown: tuple[str, ...]
    system: tuple[str, ...]
    masked: tuple[str, ...]

    @property
    def rooted(self) -> tuple[str, ...]:
        """Every path that may be read, for Landlock inside the root that :func:`build` made, where the masks are
        mounts.
        """
        return tuple(dict.fromkeys((*map(_real, (*self.system, *self.shown)), "/etc", "/dev")))

    @property
    def readable(self) -> tuple[str, ...]:
        """The same where there is no such root: masked folders are left out by naming everything around them."""
        return (*(piece for path in (*self.system, *self.shown) for piece in self._around(_real(path))), *_SMALL)

    @property
    def listable(self) -> tuple[str, ...]:
        """Folders that hold something masked: their names may be listed, or nothing in them could be imported."""
        found = set()
        for secret in self.masked:
            for parent in map(str, Path(secret).parents):
                if any(_holds(_real(path), parent) for path in (*self.system, *self.shown)):
                    found.add(parent)
        return tuple(sorted(found))

    def _around(self, path: str) -> list[str]:
        """``path``, or, where something in it is masked, all that is in it but that."""
        if path in self.masked:
            return []
        if not any(_holds(path, secret) for secret in self.masked):
            return [path]
        try:
            return [piece for entry in os.scandir(path) for piece in self._around(entry.path)]
        except OSError:
            return []


def _real(path: str) -> str:
    return os.path.realpath(path)


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def plan(secrets: tuple[str, ...], home: str, extra: tuple[str, ...] = ()) -> Plan:
    """What this interpreter needs to see.

    ``secrets`` are folders that must not be visible (Gradus' own package, the curriculum), ``home`` the user's home
    folder, ``extra`` further read-only paths.

    Raises:
        UnsafePlaceError: Python's own folders contain the home folder, say.
    """
    wanted = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *extra}
    wanted |= {str(Path(os.path.realpath(sys.executable)).parent), sysconfig.get_path("stdlib")}
    # Libraries may lie elsewhere: a user's site-packages, Debian's dist-packages, a .pth file's folder.
    wanted |= {entry for entry in sys.path if os.path.basename(entry) in ("site-packages", "dist-packages")}  # noqa: PTH119
    # Each under its own name and, where that leads through links, under its real one.
    paths = {os.path.normpath(path) for path in wanted} | {_real(path) for path in wanted}
    system = tuple(path for path in _SYSTEM if os.path.isdir(path))  # noqa: PTH112
    shown: list[str] = []
    for path in sorted(path for path in paths if os.path.isdir(path)):  # noqa: PTH112
        if any(_holds(parent, path) for parent in (*system, *shown)):
            continue
        if path == "/" or _holds(path, _real(home)) or _holds(path, os.path.normpath(home)):
            raise UnsafePlaceError(f"Python's folder {path} contains the home folder")
        shown.append(path)
    hidden = {_real(secret) for secret in secrets}
    for base in {*shown, *system, "/usr/local", *sys.path}:
        # Any other installation of ours that lies in what is shown, the curriculum in it.
        patterns = ("gradus", "lib*/python3*/*-packages/gradus", "python3*/*-packages/gradus")
        for pattern in patterns:
            hidden |= {_real(str(found)) for found in Path(base or ".").glob(pattern) if found.is_dir()}
    masked = []
    for secret in hidden:
        for parent in (*system, *shown):
            if _holds(secret, parent):
                raise UnsafePlaceError(f"Python's folder {parent} lies within {secret}")
            if _holds(_real(parent), secret):
                masked.append(secret)
    return Plan(tuple(shown), system, tuple(sorted(set(masked))))


def build(root: str, what: Plan) -> None:
    """Lay the new root out at ``root``, an empty folder, in the current mount namespace."""
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1k,mode=755")
    for path in what.system:
        if os.path.islink(path):  # noqa: PTH114
            os.symlink(os.readlink(path), root + path)  # noqa: PTH115, PTH211
        else:
            _bind(path, root + path)
    for path in what.shown:
        _bind(path, root + path)
    os.makedirs(root + "/etc", exist_ok=True)  # noqa: PTH103
    for name in _ETC:
        if os.path.exists(f"/etc/{name}"):  # noqa: PTH110
            _bind(f"/etc/{name}", f"{root}/etc/{name}")
    for name, text in _ACCOUNTS.items():
        Path(f"{root}/etc/{name}").write_text(text)
    os.makedirs(root + "/dev", exist_ok=True)  # noqa: PTH103
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"{root}/dev/{name}", device=True)
    os.symlink(scratch(what), root + "/dev/shm")  # noqa: PTH211
    os.makedirs(root + scratch(what), exist_ok=True)  # noqa: PTH103
    for path in what.masked:
        mount("tmpfs", root + path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,nr_inodes=2,mode=755")
        make_read_only(root + path)


def _bind(source: str, target: str, device: bool = False) -> None:
    real = _real(source)
    if stat.S_ISDIR(os.stat(real).st_mode):  # noqa: PTH116
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))
    mount(real, target, None, MS_BIND | MS_REC)
    if not device:
        make_read_only(target)


def scratch(plan: Plan) -> str:
    """Where a process finds its private folder: ``/tmp``, unless an interpreter that it needs lies below that."""
    below = any(path == "/tmp" or path.startswith("/tmp/") for path in plan.rooted)
    return "/scratch" if below else "/tmp"


def private_tmp(place: str, size: int, files: int) -> None:
    """An empty folder of this process's own: so many bytes, so many files."""
    mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, f"size={size},nr_inodes={files},mode=700")
    os.chdir(place)


def seal_root() -> None:
    """Make what is left of the root read-only: ``/tmp`` is mounted over for each process."""
    # Not what is mounted below it: the devices' own mounts must stay usable.
    mount("none", "/", None, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)
