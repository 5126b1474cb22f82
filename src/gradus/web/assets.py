"""The built bundle and the pictures that learners' code draws: small things served from memory."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_TEXT: Final = (".js", ".css", ".svg", ".json", ".txt")
_SMALL: Final = 1024


class Asset:
    """One file of the bundle, read once."""

    def __init__(self, path: Path) -> None:
        self.body = path.read_bytes()
        self.kind = TYPES[path.suffix]
        self.hash = hashlib.sha256(self.body).hexdigest()[:16]
        self.packed = self._pack(path.suffix)

    def _pack(self, suffix: str) -> bytes | None:
        if suffix not in _TEXT or len(self.body) < _SMALL:
            return None
        return gzip.compress(self.body, 9, mtime=0)


class Assets:
    """The bundle by name. Only names found in the folder are known, so no address leads anywhere else."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder

    def get(self, name: str) -> Asset | None:
        """The file of this name (``app.js``, ``fonts/text.woff2``); None when there is none."""
        path = self._known().get(name)
        try:
            return _asset(path, path.stat().st_mtime_ns) if path is not None else None
        except FileNotFoundError:  # the bundle is being built anew
            return None

    def url(self, name: str) -> str:
        """The address of a file, with its hash, so that a browser may keep it."""
        asset = self.get(name)
        return f"/static/{name}?v={asset.hash}" if asset else f"/static/{name}"

    def _known(self) -> dict[str, Path]:
        return _names(self._folder, self._folder.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _names(folder: Path, stamp: int) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in TYPES and not path.is_symlink()
    }


@lru_cache(maxsize=512)
def _asset(path: Path, stamp: int) -> Asset:
    return Asset(path)


class Pictures:
    """Figures by their SHA-256, the oldest forgotten first. Safe for threads."""

    def __init__(self, most_bytes: int = 64 * 2**20) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def put(self, body: bytes, kind: str = "png") -> str:
        """Keep a picture and return its address. ``kind``: png or svg."""
        name = f"{hashlib.sha256(body).hexdigest()}.{kind}"
        with self._guard:
            if name not in self._kept:
                self._kept[name] = body
                self._size += len(body)
            self._kept.move_to_end(name)
            while self._size > self._most and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old)
        return f"/figure/{name}"

    def get(self, name: str) -> bytes | None:
        """The picture of this name; None when it is not kept (any more)."""
        with self._guard:
            return self._kept.get(name)
