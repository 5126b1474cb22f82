"""Which files a command reads that are neither the project's nor Python's: noticed by an audit hook in every Python.

The hook is put into a ``sitecustomize`` that is found before others; whatever the command starts inherits it. Files
that a library opens below Python are not seen.
"""

from __future__ import annotations

import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

HOOK = """
import os, sys
_log = os.environ.get("GRADUS_OPENED")
_seen = set()
def _notice(event, args):
    if event == "open" and args and isinstance(args[0], (str, bytes)) and _log:
        mode, flags = args[1], args[2]
        writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if writing or (isinstance(mode, str) and mode[:1] in "wax"):
            return
        path = os.path.abspath(os.fsdecode(args[0]))
        if path not in _seen:
            _seen.add(path)
            try:
                handle = os.open(_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                os.write(handle, path.encode("utf-8", "surrogateescape") + b"\\0")
                os.close(handle)
            except OSError:
                pass
if _log:
    _seen.add(_log)
    sys.addaudithook(_notice)
"""
_SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc",
    "/proc",
    "/sys",
    "/dev",
    "/run",
    "/var/lib",
    "/opt",
    "/System",
    "/Library",
)


def install(place: Path) -> Mapping[str, str]:
    """Lay the hook into ``place``; returns the environment that makes it work."""
    (place / "hook").mkdir()
    (place / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    return {"PYTHONPATH": str(place / "hook"), "GRADUS_OPENED": str(place / "opened")}


def opened(place: Path) -> list[Path]:
    """The files that were opened for reading, each once."""
    try:
        content = (place / "opened").read_bytes()
    except OSError:
        return []
    names = dict.fromkeys(part for part in content.split(b"\0") if part)
    return [Path(name.decode("utf-8", "surrogateescape")) for name in names]


def outside(paths: Iterable[Path], clone: Path, original: Path) -> list[Path]:
    """Those that exist, and belong neither to the clone nor to Python, the system or a temporary folder.

    The ``original`` project is outside the clone wherever it lies.
    """
    ours = [clone, *_python(), *(Path(name) for name in _SYSTEM), Path(tempfile.gettempdir())]
    homes = [root.resolve() for root in ours]
    found = []
    for path in paths:
        real = path.resolve()
        near = any(path.is_relative_to(root) or real.is_relative_to(root) for root in homes)
        if (not near or real.is_relative_to(original)) and real.is_file():
            found.append(path)
    return found


def _python() -> list[Path]:
    here = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(), *sys.path]
    return [Path(path) for path in here if path and Path(path).is_absolute()]
